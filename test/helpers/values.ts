import type { Philox } from '#lib/util/philox.js';

export { someIndices } from '#lib/util/some-indices.js';

export type Numbers = ArrayLike<number>;

/** Float32 values spread evenly over `-scale` to `scale`: the same numbers in float32 and in double programs. */
export function randomValues(random: Philox, count: number, scale = 1): Float32Array {
  return Float32Array.from({ length: count }, () => (2 * random.nextFloat() - 1) * scale);
}

export function randomLabels(random: Philox, count: number, classes: number): Int32Array {
  return Int32Array.from({ length: count }, () => random.nextInt(classes));
}

/** One of the choices. */
export function pick<T>(random: Philox, choices: readonly T[]): T {
  return choices[random.nextInt(choices.length)] as T;
}

/** The value at an index that is there. */
export function at(values: Numbers, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`no element ${index} of ${values.length}`);
  return value;
}

/** The magnitudes of all values. */
export function magnitudes(values: Numbers): Float64Array {
  return Float64Array.from(values, Math.abs);
}

export function largestMagnitude(values: Numbers): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(at(values, i)));
  return largest;
}
