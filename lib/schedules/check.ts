import { InvalidArgumentError } from '../errors/index.js';
import { checkNumber, checkPositive } from '../util/check.js';
import { describe } from '../util/describe.js';

/** The length of a schedule; left out it is the whole training's. */
export function checkDuration(who: string, value: unknown): number | undefined {
  return value === undefined ? undefined : checkPositive(who, 'duration', value);
}

/** @throws InvalidArgumentError unless an array of ascending numbers above 0 */
export function checkMilestones(who: string, value: unknown): readonly number[] {
  const list: unknown[] = Array.isArray(value) ? [...value] : [];
  const ascends = (one: unknown, i: number) =>
    typeof one === 'number' && Number.isFinite(one) && one > (i === 0 ? 0 : (list[i - 1] as number));
  if (list.length > 0 && list.every(ascends)) return Object.freeze(list as number[]);
  throw new InvalidArgumentError(
    `${who}: expected an array of ascending numbers above 0 for milestones, received ${describe(value)}.`,
  );
}

/** A rate from 0 as an option of a schedule. */
export function checkRateOption(who: string, name: string, value: unknown): number {
  return checkNumber(who, name, value, 0);
}
