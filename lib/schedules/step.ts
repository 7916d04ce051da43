import { checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, reached, type UnitOption } from './base-schedule.js';
import { checkRateOption } from './check.js';

/** Options of `schedules.step`. */
export interface StepOptions extends UnitOption {
  /** Rate of the first steps, from 0. */
  learningRate: number;
  /** Length after which the rate is multiplied by `gamma`, again and again; above 0. */
  stepSize: number;
  /**
   * Above 0.
   * @default 0.1
   */
  gamma?: number;
}

/** `learningRate * gamma ^ floor(t / stepSize)`: PyTorch's StepLR. */
export class StepSchedule extends BaseSchedule {
  readonly learningRate: number;
  readonly stepSize: number;
  readonly gamma: number;

  constructor(options: StepOptions) {
    super('step', options, ['learningRate', 'stepSize', 'gamma']);
    const { gamma = 0.1 } = options;
    this.learningRate = checkRateOption(this.who, 'learningRate', options.learningRate);
    this.stepSize = checkPositive(this.who, 'stepSize', options.stepSize);
    this.gamma = checkPositive(this.who, 'gamma', gamma);
  }

  protected valueAt(place: Place): number {
    return this.learningRate * this.gamma ** reached(this.unitsAt(place) / this.stepSize);
  }

  protected options(): Record<string, unknown> {
    return { learningRate: this.learningRate, stepSize: this.stepSize, gamma: this.gamma };
  }
}
