import { InvalidArgumentError } from '../errors/index.js';
import { checkNumber } from '../util/check.js';
import { describe } from '../util/describe.js';
import { isSchedule, type Schedule, type ScheduleConfig } from './schedule.js';

/** A learning rate as an option: a number from 0, or a schedule. @throws InvalidArgumentError otherwise */
export function checkRate(who: string, rate: number | Schedule): number | Schedule {
  if (isSchedule(rate)) return rate;
  if (typeof rate !== 'object') return checkNumber(who, 'learningRate', rate, 0);
  throw new InvalidArgumentError(
    `${who}: expected a number of at least 0 or a schedule such as schedules.cosine({ learningRate: 0.1 }) for ` +
      `learningRate, received ${describe(rate)}.`,
  );
}

/** A learning rate as plain data. */
export function rateConfig(rate: number | Schedule): number | ScheduleConfig {
  return typeof rate === 'number' ? rate : rate.config();
}

/** The rate of a step by any schedule, one of the user's own too. @throws InvalidArgumentError unless it is a finite number from 0 */
export function scheduledRate(schedule: Schedule, step: number, steps: number, stepsPerEpoch: number): number {
  const rate: unknown = schedule.rateAt(step, steps, stepsPerEpoch);
  if (typeof rate === 'number' && Number.isFinite(rate) && rate >= 0) return rate;
  throw new InvalidArgumentError(
    `learningRate: expected a finite number of at least 0 of the schedule, ${describe(schedule)}, for step ${step}, received ` +
      `${describe(rate)}. Correct its rateAt.`,
  );
}
