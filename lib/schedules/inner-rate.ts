import { InvalidArgumentError } from '../errors/index.js';
import { checkNumber } from '../util/check.js';
import { describe } from '../util/describe.js';
import { isSchedule, type Schedule } from './schedule.js';

/** What a schedule is made of: a number from 0, or another schedule. @throws InvalidArgumentError otherwise */
export function checkInner(who: string, name: string, value: unknown): number | Schedule {
  if (isSchedule(value)) return value;
  if (typeof value === 'number') return checkNumber(who, name, value, 0);
  throw new InvalidArgumentError(
    `${who}: expected a number of at least 0 or a schedule such as schedules.cosine({ learningRate: 0.1 }) for ${name}, ` +
      `received ${describe(value)}.`,
  );
}

/** Its rate, in a training of its own that has at least one step. */
export function innerRate(inner: number | Schedule, step: number, steps: number, stepsPerEpoch: number): number {
  return typeof inner === 'number' ? inner : inner.rateAt(step, Math.max(1, steps), stepsPerEpoch);
}
