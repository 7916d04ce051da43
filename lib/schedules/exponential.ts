import { checkBoolean, checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, reached, type UnitOption } from './base-schedule.js';
import { checkRateOption } from './check.js';

/** Options of `schedules.exponential`. */
export interface ExponentialOptions extends UnitOption {
  /** Rate of the first step, from 0. */
  learningRate: number;
  /** What the rate is multiplied by per unit; above 0. */
  gamma: number;
  /**
   * Whether the rate stays the same within a unit, as PyTorch's stepped once an epoch; by default it falls from step to step.
   * @default false
   */
  staircase?: boolean;
}

/** `learningRate * gamma ^ t`: PyTorch's ExponentialLR, Keras's ExponentialDecay. */
export class ExponentialSchedule extends BaseSchedule {
  readonly learningRate: number;
  readonly gamma: number;
  readonly staircase: boolean;

  constructor(options: ExponentialOptions) {
    super('exponential', options, ['learningRate', 'gamma', 'staircase']);
    const { staircase = false } = options;
    this.learningRate = checkRateOption(this.who, 'learningRate', options.learningRate);
    this.gamma = checkPositive(this.who, 'gamma', options.gamma);
    this.staircase = checkBoolean(this.who, 'staircase', staircase);
  }

  protected valueAt(place: Place): number {
    const units = this.unitsAt(place);
    return this.learningRate * this.gamma ** (this.staircase ? reached(units) : units);
  }

  protected options(): Record<string, unknown> {
    return { learningRate: this.learningRate, gamma: this.gamma, staircase: this.staircase };
  }
}
