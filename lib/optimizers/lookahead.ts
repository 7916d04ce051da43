import type { Emitter } from '../program/emitter.js';
import { checkInteger, checkNumber, checkPositive } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import type { Average, AverageConfig, Averaged } from './average.js';
import { StepScalar } from './step-scalars.js';

/** Options of `averages.lookahead`. */
export interface LookaheadOptions {
  /**
   * Updates from one step of the slow weights to the next.
   * @default 5
   */
  steps?: number;
  /**
   * Length of that step, from 0 to 1: throughout, or on its way from the start of a training to its end.
   * @default 0.5
   */
  alpha?: number | LookaheadAlpha;
}

/** `from + (to - from) * p^power`, p the share of the training's steps that are done. Each `fit` is a training of its own. */
export interface LookaheadAlpha {
  /** At the start, from 0 to 1. */
  from: number;
  /** At the end, from 0 to 1. */
  to: number;
  /**
   * 1 is a straight line, more of it changes late; above 0.
   * @default 1
   */
  power?: number;
}

/**
 * Slow weights that follow the fast ones: after every `steps` updates `slow += alpha * (w - slow); w = slow` (Zhang et al., "Lookahead
 * optimizer: k steps forward, 1 step back", 2019). Slow weights begin as the weights before the first update.
 */
export class Lookahead implements Average {
  readonly apart = false;
  readonly steps: number;
  readonly alpha: number | Required<LookaheadAlpha>;

  constructor(options: LookaheadOptions = {}) {
    const who = 'averages.lookahead';
    checkOptions(who, options, ['steps', 'alpha']);
    const { steps = 5, alpha = 0.5 } = options;
    this.steps = checkInteger(who, 'steps', steps, 1);
    this.alpha = typeof alpha === 'object' ? checkWay(who, alpha) : checkNumber(who, 'alpha', alpha, 0, 1);
  }

  shareAt(progress: number): number {
    if (typeof this.alpha === 'number') return this.alpha;
    const { from, to, power } = this.alpha;
    return from + (to - from) * progress ** power;
  }

  emitBefore(emit: Emitter, { w, average, elements }: Averaged): void {
    const { begins } = StepScalar;
    emit.update('averageWeights', { a: average, w }, { elements, gate: begins, begin: begins, decay: 0 });
  }

  emitAfter(emit: Emitter, { w, average, elements }: Averaged): void {
    emit.update('lookahead', { slow: average, w }, { elements, gate: StepScalar.averages, alpha: StepScalar.share });
  }

  config(): AverageConfig {
    return { type: 'lookahead', steps: this.steps, alpha: this.alpha };
  }
}

function checkWay(who: string, way: LookaheadAlpha): Required<LookaheadAlpha> {
  checkOptions(`${who} alpha`, way, ['from', 'to', 'power']);
  const { from, to, power = 1 } = way;
  return {
    from: checkNumber(`${who} alpha`, 'from', from, 0, 1),
    to: checkNumber(`${who} alpha`, 'to', to, 0, 1),
    power: checkPositive(`${who} alpha`, 'power', power),
  };
}
