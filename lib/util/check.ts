import { InvalidArgumentError } from '../errors/index.js';
import { describe } from './describe.js';

/** @throws InvalidArgumentError unless `value` is an integer within the bounds */
export function checkInteger(who: string, name: string, value: unknown, least: number, most = Infinity): number {
  if (Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= most) return value as number;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new InvalidArgumentError(`${who}: expected an integer ${range} for ${name}, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is a finite number within the bounds */
export function checkNumber(who: string, name: string, value: unknown, least: number, most = Infinity): number {
  if (typeof value === 'number' && Number.isFinite(value) && value >= least && value <= most) return value;
  const range = most === Infinity ? `of at least ${least}` : `from ${least} to ${most}`;
  throw new InvalidArgumentError(`${who}: expected a number ${range} for ${name}, received ${describe(value)}.`);
}

/** The least normal and the largest number of float32. */
export const LEAST_FLOAT = 2 ** -126;
export const MOST_FLOAT = (2 - 2 ** -23) * 2 ** 127;

/** @throws InvalidArgumentError unless a number above 0 */
export function checkPositive(who: string, name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  throw new InvalidArgumentError(`${who}: expected a number above 0 for ${name}, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is a finite number in float32 */
export function checkFloat(who: string, name: string, value: unknown): number {
  if (typeof value === 'number' && Number.isFinite(Math.fround(value))) return value;
  throw new InvalidArgumentError(
    `${who}: expected a finite number of float32 for ${name}, received ${describe(value)}.`,
  );
}

/** @throws InvalidArgumentError unless `value` is a text with something in it */
export function checkText(who: string, name: string, value: unknown): string {
  if (typeof value === 'string' && value !== '') return value;
  throw new InvalidArgumentError(`${who}: expected a non-empty string for ${name}, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is a name as saved models can hold it */
export function checkName(who: string, value: unknown): string {
  if (typeof value === 'string' && /^[\w.-]+$/.test(value)) return value;
  throw new InvalidArgumentError(`${who}: expected letters, digits, _, . or - for name, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is true or false */
export function checkBoolean(who: string, name: string, value: unknown): boolean {
  if (typeof value === 'boolean') return value;
  throw new InvalidArgumentError(`${who}: expected true or false for ${name}, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is a signal, or there is none */
export function checkSignal(who: string, value: unknown): AbortSignal | undefined {
  if (value === undefined || value instanceof AbortSignal) return value;
  throw new InvalidArgumentError(`${who}: expected an AbortSignal for signal, received ${describe(value)}.`);
}

/** @throws InvalidArgumentError unless `value` is one of `choices` */
export function checkChoice<T extends string>(who: string, name: string, value: unknown, choices: readonly T[]): T {
  const found = choices.find((choice) => choice === value);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(
    `${who}: expected one of ${choices.map((choice) => `'${choice}'`).join(', ')} for ${name}, received ${describe(value)}.`,
  );
}

/** Largest length of an axis: products of a few of them stay exact in a double. */
export const MOST_SIZE = 2 ** 20 - 1;

/** One number for both axes, or one each: `[height, width]`. */
export type Pair = number | readonly [number, number];

/** @throws InvalidArgumentError unless `value` is an integer within the bounds, or a pair of them */
export function checkPair(
  who: string,
  name: string,
  value: unknown,
  least: 0 | 1 = 1,
  most = MOST_SIZE,
): [number, number] {
  const both = Array.isArray(value) ? [...value] : [value, value]; // holes become undefined
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= least && (n as number) <= most;
  if (both.length === 2 && both.every(isSize)) return [both[0], both[1]];
  throw new InvalidArgumentError(
    `${who}: expected an integer from ${least} to ${most} or [height, width] for ${name}, received ${describe(value)}.`,
  );
}
