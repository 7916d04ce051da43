import type { ExecutionContext } from 'ava';
import { at, largestMagnitude, type Numbers } from './values.js';

/**
 * The largest `|actual - expected| / scale` over all elements, `scale` given for each element or once for all. Infinite
 * where only one of the two is a number, or the lengths differ.
 */
export function largestError(actual: Numbers, expected: Numbers, scale: Numbers | number): number {
  if (actual.length !== expected.length) return Infinity;
  let largest = 0;
  for (let i = 0; i < expected.length; i++) {
    const difference = Math.abs(at(actual, i) - at(expected, i));
    const error = difference === 0 ? 0 : difference / (typeof scale === 'number' ? scale : at(scale, i));
    if (!(error <= largest)) largest = Number.isNaN(error) ? Infinity : error;
  }
  return largest;
}

/** Fails unless `largestError` is within the tolerance. */
export function isClose(
  t: ExecutionContext,
  what: string,
  actual: Numbers,
  expected: Numbers,
  tolerance: number,
  scale: Numbers | number = largestMagnitude(expected),
): void {
  const error = largestError(actual, expected, scale);
  t.true(error <= tolerance, `${what}: expected an error of at most ${tolerance}, received ${error}`);
}

const float = new Float32Array(1);
const bits = new Int32Array(float.buffer);

/** Where a float32 stands in the order of all of them: neighbours differ by one, both zeros are 0. */
function rank(value: number): number {
  float[0] = value;
  const word = bits[0] as number;
  return word < 0 ? -(word & 0x7fffffff) : word;
}

const SMALLEST_NORMAL = 2 ** -126;

/**
 * Units in the last place between a float32 and the float32 nearest to the true value. Where the truth is denormal, zero
 * of its sign counts as exact: kernels flush such results.
 */
export function ulpsBetween(actual: number, truth: number): number {
  const expected = Math.fround(truth);
  if (Number.isNaN(expected) || Number.isNaN(actual))
    return Number.isNaN(expected) && Number.isNaN(actual) ? 0 : Infinity;
  if (Math.abs(expected) < SMALLEST_NORMAL && actual === 0) return 0;
  return Math.abs(rank(actual) - rank(expected));
}
