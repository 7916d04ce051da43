import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';

/** @throws InvalidArgumentError unless `value` is a pair of numbers within the bounds, the smaller one first */
export function checkRange(who: string, name: string, value: unknown, least: number, most: number): [number, number] {
  const pair: unknown[] = Array.isArray(value) ? [...value] : [];
  const isWithin = (n: unknown) => typeof n === 'number' && n >= least && n <= most;
  if (pair.length === 2 && pair.every(isWithin) && (pair[0] as number) <= (pair[1] as number)) {
    return pair as [number, number];
  }
  throw new InvalidArgumentError(
    `${who}: expected [least, most], numbers from ${least} to ${most}, for ${name}, received ${describe(value)}.`,
  );
}

/** The same of whole numbers, or a single one. */
export function checkSizes(who: string, name: string, value: unknown): [number, number] {
  const pair: unknown[] = Array.isArray(value) ? [...value] : [value, value];
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 1;
  if (pair.length === 2 && pair.every(isSize) && (pair[0] as number) <= (pair[1] as number)) {
    return pair as [number, number];
  }
  throw new InvalidArgumentError(
    `${who}: expected a number of pixels from 1, or [least, most], for ${name}, received ${describe(value)}.`,
  );
}

/** A range in its shortest form. */
export function sizesConfig([least, most]: readonly [number, number]): number | [number, number] {
  return least === most ? least : [least, most];
}
