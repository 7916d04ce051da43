import type { Emitter } from '../program/emitter.js';
import { checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import type { Average, AverageConfig, Averaged } from './average.js';
import { StepScalar } from './step-scalars.js';

/** Options of `averages.ema`. */
export interface EmaOptions {
  /**
   * Weight of the old average, from 0 to below 1.
   * @default 0.999
   */
  decay?: number;
}

/**
 * The exponential moving average `a = decay * a + (1 - decay) * w` after each update; the first makes `a = w` (Polyak and Juditsky,
 * "Acceleration of stochastic approximation by averaging", 1992, with weights that fade).
 */
export class Ema implements Average {
  readonly steps = 1;
  readonly apart = true;
  readonly decay: number;

  constructor(options: EmaOptions = {}) {
    checkOptions('averages.ema', options, ['decay']);
    const { decay = 0.999 } = options;
    this.decay = checkNumber('averages.ema', 'decay', decay, 0, 1 - Number.EPSILON);
  }

  emitBefore(): void {
    // The average begins with the weights of the first update.
  }

  emitAfter(emit: Emitter, { w, average, elements }: Averaged): void {
    const { averages: gate, begins: begin } = StepScalar;
    emit.update('averageWeights', { a: average, w }, { elements, gate, begin, decay: this.decay });
  }

  config(): AverageConfig {
    return { type: 'ema', decay: this.decay };
  }
}
