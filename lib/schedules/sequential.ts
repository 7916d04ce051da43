import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { BaseSchedule, type Place, type UnitOption } from './base-schedule.js';
import { checkMilestones } from './check.js';
import { checkInner, innerRate } from './inner-rate.js';
import { rateConfig } from './rate.js';
import type { Schedule } from './schedule.js';

/** Options of `schedules.sequential`. */
export interface SequentialScheduleOptions extends UnitOption {
  /** Rates from 0 and schedules, one after another; at least two. */
  schedules: readonly (number | Schedule)[];
  /** Where each but the first begins: ascending lengths from the beginning of the training, above 0. */
  milestones: readonly number[];
}

/**
 * Schedules one after another, each counting its steps from its own beginning, with the steps until the next one as its
 * training: PyTorch's SequentialLR. Of numbers alone it is Keras's PiecewiseConstantDecay.
 */
export class SequentialSchedule extends BaseSchedule {
  readonly schedules: readonly (number | Schedule)[];
  readonly milestones: readonly number[];

  constructor(options: SequentialScheduleOptions) {
    super('sequential', options, ['schedules', 'milestones']);
    const { who } = this;
    const { schedules } = options;
    if (!Array.isArray(schedules) || schedules.length < 2) {
      throw new InvalidArgumentError(
        `${who}: expected an array of at least two rates or schedules for schedules, received ${describe(schedules)}.`,
      );
    }
    this.schedules = Object.freeze([...schedules].map((one, i) => checkInner(who, `schedules[${i}]`, one)));
    this.milestones = checkMilestones(who, options.milestones);
    if (this.milestones.length !== schedules.length - 1) {
      throw new InvalidArgumentError(
        `${who}: expected ${schedules.length - 1} milestones for ${schedules.length} schedules, received ` +
          `${this.milestones.length}. Give one for each schedule but the first.`,
      );
    }
  }

  protected valueAt(place: Place): number {
    const { step, steps, stepsPerEpoch } = place;
    const begins = [0, ...this.milestones.map((milestone) => Math.ceil(this.stepsIn(place, milestone) - 1e-9))];
    const current = begins.filter((begin) => begin <= step).length - 1;
    const begin = begins[current] as number;
    const end = Math.min(begins[current + 1] ?? steps, steps);
    return innerRate(this.schedules[current] as number | Schedule, step - begin, end - begin, stepsPerEpoch);
  }

  protected options(): Record<string, unknown> {
    return { schedules: this.schedules.map(rateConfig), milestones: this.milestones };
  }
}
