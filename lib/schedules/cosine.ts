import { BaseSchedule, type Place, type UnitOption } from './base-schedule.js';
import { checkDuration, checkRateOption } from './check.js';

/** Options of `schedules.cosine`. */
export interface CosineOptions extends UnitOption {
  /** Rate of the first step, from 0. */
  learningRate: number;
  /**
   * Rate at the end, from 0.
   * @default 0
   */
  minLearningRate?: number;
  /**
   * Length of the way to `minLearningRate` (PyTorch's T_max), which is kept from there on.
   * @default the whole training
   */
  duration?: number;
}

/**
 * `min + (learningRate - min) * (1 + cos(pi t / duration)) / 2`: PyTorch's CosineAnnealingLR, once down (Loshchilov and Hutter,
 * SGDR, 2017, without restarts).
 */
export class CosineSchedule extends BaseSchedule {
  readonly learningRate: number;
  readonly minLearningRate: number;
  readonly duration: number | undefined;

  constructor(options: CosineOptions) {
    super('cosine', options, ['learningRate', 'minLearningRate', 'duration']);
    const { minLearningRate = 0 } = options;
    this.learningRate = checkRateOption(this.who, 'learningRate', options.learningRate);
    this.minLearningRate = checkRateOption(this.who, 'minLearningRate', minLearningRate);
    this.duration = checkDuration(this.who, options.duration);
  }

  protected valueAt(place: Place): number {
    const done = Math.min(1, place.step / this.stepsIn(place, this.duration));
    return cosineBetween(this.learningRate, this.minLearningRate, done);
  }

  protected options(): Record<string, unknown> {
    const { learningRate, minLearningRate, duration } = this;
    return { learningRate, minLearningRate, ...(duration !== undefined && { duration }) };
  }
}

/** Half a cosine from one value to another; `done` from 0 to 1. */
export function cosineBetween(from: number, to: number, done: number): number {
  return to + ((from - to) * (1 + Math.cos(Math.PI * done))) / 2;
}
