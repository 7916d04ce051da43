import { checkBoolean, checkChoice, checkNumber, checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, reached, type UnitOption } from './base-schedule.js';
import { checkInner, innerRate } from './inner-rate.js';
import { rateConfig } from './rate.js';
import type { Schedule } from './schedule.js';

/** Options of `schedules.warmUp`. */
export interface WarmUpOptions extends UnitOption {
  /** What follows: a rate from 0, or a schedule. */
  schedule: number | Schedule;
  /** Length of the warm-up; above 0. */
  duration: number;
  /**
   * What the rate is multiplied by in the first step, from 0 to 1.
   * @default 1 / 3, as PyTorch's
   */
  startFactor?: number;
  /**
   * `'linear'`: the factor climbs to 1 along a line (PyTorch's LinearLR). `'constant'`: it stays until the warm-up ends
   * (ConstantLR).
   * @default 'linear'
   */
  mode?: WarmUpMode;
  /**
   * false: the warm-up climbs to the schedule's first rate, and the schedule begins when it ends, as long as the training that is left
   * (PyTorch's SequentialLR). true: the schedule runs from the first step on, and is multiplied (ChainedScheduler), so that
   * its milestones stay where they are.
   * @default false
   */
  chained?: boolean;
}

/** How the rate rises to that of the schedule behind it. */
export type WarmUpMode = 'linear' | 'constant';

/** Small rates at first, then another schedule. */
export class WarmUpSchedule extends BaseSchedule {
  readonly schedule: number | Schedule;
  readonly duration: number;
  readonly startFactor: number;
  readonly mode: WarmUpMode;
  readonly chained: boolean;

  constructor(options: WarmUpOptions) {
    super('warmUp', options, ['schedule', 'duration', 'startFactor', 'mode', 'chained']);
    const { who } = this;
    const { startFactor = 1 / 3, mode = 'linear', chained = false } = options;
    this.schedule = checkInner(who, 'schedule', options.schedule);
    this.duration = checkPositive(who, 'duration', options.duration);
    this.startFactor = checkNumber(who, 'startFactor', startFactor, 0, 1);
    this.mode = checkChoice(who, 'mode', mode, ['linear', 'constant']);
    this.chained = checkBoolean(who, 'chained', chained);
  }

  protected valueAt(place: Place): number {
    const { step, steps, stepsPerEpoch } = place;
    const warm = this.stepsIn(place, this.duration);
    const over = reached(step / warm) > 0;
    const factor = over ? 1 : this.#factor(step / warm);
    if (this.chained) return factor * innerRate(this.schedule, step, steps, stepsPerEpoch);
    // A warm-up that ends within a step: the schedule begins with the next.
    const begin = Math.ceil(warm - 1e-9);
    return factor * innerRate(this.schedule, over ? Math.max(0, step - begin) : 0, steps - begin, stepsPerEpoch);
  }

  #factor(done: number): number {
    return this.mode === 'constant' ? this.startFactor : this.startFactor + (1 - this.startFactor) * done;
  }

  protected options(): Record<string, unknown> {
    const { schedule, duration, startFactor, mode, chained } = this;
    return { schedule: rateConfig(schedule), duration, startFactor, mode, chained };
  }
}
