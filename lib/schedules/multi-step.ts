import { checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, reached, type UnitOption } from './base-schedule.js';
import { checkMilestones, checkRateOption } from './check.js';

/** Options of `schedules.multiStep`. */
export interface MultiStepOptions extends UnitOption {
  /** Rate of the first steps, from 0. */
  learningRate: number;
  /** Ascending lengths from the beginning, above 0, after each of which the rate is multiplied by `gamma`. */
  milestones: readonly number[];
  /**
   * Above 0.
   * @default 0.1
   */
  gamma?: number;
}

/** `learningRate * gamma ^ (milestones reached)`: PyTorch's MultiStepLR. */
export class MultiStepSchedule extends BaseSchedule {
  readonly learningRate: number;
  readonly milestones: readonly number[];
  readonly gamma: number;

  constructor(options: MultiStepOptions) {
    super('multiStep', options, ['learningRate', 'milestones', 'gamma']);
    const { gamma = 0.1 } = options;
    this.learningRate = checkRateOption(this.who, 'learningRate', options.learningRate);
    this.milestones = checkMilestones(this.who, options.milestones);
    this.gamma = checkPositive(this.who, 'gamma', gamma);
  }

  protected valueAt(place: Place): number {
    const units = this.unitsAt(place);
    return (
      this.learningRate * this.gamma ** this.milestones.filter((milestone) => reached(units / milestone) > 0).length
    );
  }

  protected options(): Record<string, unknown> {
    return { learningRate: this.learningRate, milestones: this.milestones, gamma: this.gamma };
  }
}
