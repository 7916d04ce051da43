import { InvalidArgumentError } from '../errors/index.js';
import { MOST_SIZE } from '../util/check.js';
import { describe } from '../util/describe.js';

/** Rows and columns at the sides of an image: as many at each, `[vertical, horizontal]`, or `[top, bottom, left, right]`. */
export type Sides = number | readonly [number, number] | readonly [number, number, number, number];

/**
 * `[top, bottom, left, right]`.
 *
 * @throws InvalidArgumentError unless `value` says how many rows and columns, none of them negative
 */
export function checkSides(who: string, name: string, value: unknown): [number, number, number, number] {
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0 && (n as number) <= MOST_SIZE;
  const sizes: unknown[] = Array.isArray(value) ? [...value] : [value, value]; // holes become undefined
  if (sizes.every(isSize)) {
    const [a, b, c, d] = sizes as number[];
    if (sizes.length === 2) return [a ?? 0, a ?? 0, b ?? 0, b ?? 0];
    if (sizes.length === 4) return [a ?? 0, b ?? 0, c ?? 0, d ?? 0];
  }
  throw new InvalidArgumentError(
    `${who}: expected an integer from 0 to ${MOST_SIZE}, [vertical, horizontal] or [top, bottom, left, right] for ${name}, received ${describe(value)}.`,
  );
}
