import { InvalidArgumentError } from '../errors/index.js';
import { describe } from './describe.js';

/** @throws InvalidArgumentError unless `value` is an integer of at least `least` */
export function checkInteger(who: string, name: string, value: unknown, least: number): number {
  if (Number.isSafeInteger(value) && (value as number) >= least) return value as number;
  throw new InvalidArgumentError(
    `${who}: expected an integer of at least ${least} for ${name}, received ${describe(value)}.`,
  );
}

/** @throws InvalidArgumentError unless `value` is a finite number within the bounds */
export function checkNumber(who: string, name: string, value: unknown, least: number, most = Infinity): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most) return value;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new InvalidArgumentError(`${who}: expected a number ${range} for ${name}, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is true or false */
export function checkBoolean(who: string, name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidArgumentError(`${who}: expected true or false for ${name}, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is one of `choices` */
export function checkChoice<T extends string>(who: string, name: string, value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    `${who}: expected one of ${choices.map((choice) => `'${choice}'`).join(', ')} for ${name}, received ${describe(value)}.`,
  );
}

/** One number for both axes, or one each: `[height, width]`. */
export type Pair = number | readonly [number, number];

/** @throws InvalidArgumentError unless `value` is a positive integer or a pair of them */
export function checkPair(who: string, name: string, value: unknown): [number, number] {
  const both = Array.isArray(value) ? value : [value, value];
  if (both.length === 2 && both.every((n) => Number.isSafeInteger(n) && n >= 1 && n < 2 ** 20))
    return [both[0], both[1]];
  throw new InvalidArgumentError(
    `${who}: expected a positive integer or [height, width] for ${name}, received ${describe(value)}.`,
  );
}
