import type { Emitter } from '../program/emitter.js';
import { checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import type { Average, AverageConfig, Averaged } from './average.js';
import { StepScalar } from './step-scalars.js';

export interface LookaheadOptions {
  /**
   * Updates from one step of the slow weights to the next.
   * @default 5
   */
  steps?: number;
  /**
   * Length of that step, from 0 to 1.
   * @default 0.5
   */
  alpha?: number;
}

/**
 * Slow weights that follow the fast ones: after every `steps` updates `slow += alpha * (w - slow); w = slow` (Zhang et al., "Lookahead
 * optimizer: k steps forward, 1 step back", 2019). Slow weights begin as the weights before the first update.
 */
export class Lookahead implements Average {
  readonly apart = false;
  readonly steps: number;
  readonly alpha: number;

  constructor(options: LookaheadOptions = {}) {
    const who = 'averages.lookahead';
    checkOptions(who, options, ['steps', 'alpha']);
    const { steps = 5, alpha = 0.5 } = options;
    this.steps = checkInteger(who, 'steps', steps, 1);
    this.alpha = checkNumber(who, 'alpha', alpha, 0, 1);
  }

  emitBefore(emit: Emitter, { w, average, elements }: Averaged): void {
    const { begins } = StepScalar;
    emit.update('averageWeights', { a: average, w }, { elements, gate: begins, begin: begins, decay: 0 });
  }

  emitAfter(emit: Emitter, { w, average, elements }: Averaged): void {
    emit.update('lookahead', { slow: average, w }, { elements, gate: StepScalar.averages, alpha: this.alpha });
  }

  config(): AverageConfig {
    return { type: 'lookahead', steps: this.steps, alpha: this.alpha };
  }
}
