import { checkNumber, checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, reached, type UnitOption } from './base-schedule.js';
import { checkRateOption } from './check.js';
import { cosineBetween } from './cosine.js';

/** Options of `schedules.cosineRestarts`. */
export interface CosineRestartsOptions extends UnitOption {
  /** Rate at the beginning of each period, from 0. */
  learningRate: number;
  /** Length of the first period (PyTorch's T_0); above 0. */
  t0: number;
  /**
   * How many times as long each period is as the one before (PyTorch's T_mult); at least 1.
   * @default 1
   */
  tMult?: number;
  /**
   * Rate at the end of each period, from 0.
   * @default 0
   */
  minLearningRate?: number;
}

/** `cosine` that begins again after each period: PyTorch's CosineAnnealingWarmRestarts (Loshchilov and Hutter, SGDR, 2017). */
export class CosineRestartsSchedule extends BaseSchedule {
  readonly learningRate: number;
  readonly t0: number;
  readonly tMult: number;
  readonly minLearningRate: number;

  constructor(options: CosineRestartsOptions) {
    super('cosineRestarts', options, ['learningRate', 't0', 'tMult', 'minLearningRate']);
    const { tMult = 1, minLearningRate = 0 } = options;
    this.learningRate = checkRateOption(this.who, 'learningRate', options.learningRate);
    this.t0 = checkPositive(this.who, 't0', options.t0);
    this.tMult = checkNumber(this.who, 'tMult', tMult, 1);
    this.minLearningRate = checkRateOption(this.who, 'minLearningRate', minLearningRate);
  }

  protected valueAt(place: Place): number {
    return cosineBetween(this.learningRate, this.minLearningRate, this.#doneOfPeriod(this.unitsAt(place) / this.t0));
  }

  /** @param t in lengths of the first period */
  #doneOfPeriod(t: number): number {
    const { tMult } = this;
    if (tMult === 1) return Math.max(0, t - reached(t));
    let begin = 0;
    let length = 1;
    // Periods grow, if slowly, so that this ends; one that is reached but for rounding has begun.
    while (reached(t / (begin + length)) > 0) {
      begin += length;
      length *= tMult;
    }
    return Math.max(0, (t - begin) / length);
  }

  protected options(): Record<string, unknown> {
    const { learningRate, t0, tMult, minLearningRate } = this;
    return { learningRate, t0, tMult, minLearningRate };
  }
}
