import { checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, type UnitOption } from './base-schedule.js';
import { checkDuration, checkRateOption } from './check.js';

/** Options of `schedules.polynomial`. */
export interface PolynomialOptions extends UnitOption {
  /** Rate of the first step, from 0. */
  learningRate: number;
  /**
   * Rate after `duration`, from 0.
   * @default 0
   */
  endLearningRate?: number;
  /**
   * 1 is a straight line; above 0.
   * @default 1
   */
  power?: number;
  /**
   * Length of the way to `endLearningRate`, which is kept from there on.
   * @default the whole training
   */
  duration?: number;
}

/**
 * `end + (learningRate - end) * (1 - t / duration) ^ power`: Keras's PolynomialDecay, and with an end of 0 PyTorch's
 * PolynomialLR.
 */
export class PolynomialSchedule extends BaseSchedule {
  readonly learningRate: number;
  readonly endLearningRate: number;
  readonly power: number;
  readonly duration: number | undefined;

  constructor(options: PolynomialOptions) {
    super('polynomial', options, ['learningRate', 'endLearningRate', 'power', 'duration']);
    const { endLearningRate = 0, power = 1 } = options;
    this.learningRate = checkRateOption(this.who, 'learningRate', options.learningRate);
    this.endLearningRate = checkRateOption(this.who, 'endLearningRate', endLearningRate);
    this.power = checkPositive(this.who, 'power', power);
    this.duration = checkDuration(this.who, options.duration);
  }

  protected valueAt(place: Place): number {
    const left = Math.max(0, 1 - place.step / this.stepsIn(place, this.duration));
    return this.endLearningRate + (this.learningRate - this.endLearningRate) * left ** this.power;
  }

  protected options(): Record<string, unknown> {
    const { learningRate, endLearningRate, power, duration } = this;
    return { learningRate, endLearningRate, power, ...(duration !== undefined && { duration }) };
  }
}
