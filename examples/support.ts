// What the examples share: a part of the data where time is short, headings, and results that must be reached.
import type { Dataset, DatasetSplit } from 'cnnative';

/** Asked for by `CNNATIVE_EXAMPLES=quick`: less data, to see in seconds that everything runs. */
export const isQuick = process.env.CNNATIVE_EXAMPLES === 'quick';

/** The first samples of a set. */
export function first(set: Dataset, count: number): Dataset {
  const size = Math.min(count, set.size);
  const features = set.shape.reduce((product, n) => product * n, 1);
  return { ...set, size, images: set.images.subarray(0, size * features), labels: set.labels.subarray(0, size) };
}

/** Both parts of a published set, or little of it where time is short. */
export function enough({ train, test }: DatasetSplit, quickly: number): DatasetSplit {
  return isQuick ? { train: first(train, quickly), test: first(test, quickly / 5) } : { train, test };
}

export function heading(text: string): void {
  console.log(`\n${text}\n${'-'.repeat(text.length)}`);
}

/** Prints a result, and fails the script where it falls short of what it states. */
export function reached(what: string, value: number, least: number): void {
  console.log(`${what}: ${value.toFixed(4)} (at least ${least})`);
  if (!(value >= least)) throw new Error(`expected ${what} of at least ${least}, received ${value}`);
}

/** Fails the script unless two arrays agree. */
export function agree(what: string, a: ArrayLike<number>, b: ArrayLike<number>, tolerance = 1e-5): void {
  const apart = Array.from(a, (value, i) => Math.abs(value - (b[i] ?? Number.NaN)));
  const largest = apart.reduce((most, value) => Math.max(most, value), 0); // NaN stays
  if (!(largest <= tolerance) || a.length !== b.length) throw new Error(`${what}: ${largest} apart`);
  console.log(`${what}: the same (largest difference ${largest.toExponential(1)})`);
}

/** A shape as notebooks write it, channels last. */
export function channelsLast(shape: readonly number[]): string {
  const [channels, ...spatial] = shape;
  return `(${[...spatial, channels].join(', ')})`;
}

/** Numbers that look normally distributed, the same in every run: weights to try things out with. */
export function normal(shape: readonly number[], scale = 1): { data: Float32Array; shape: readonly number[] } {
  let state = 1;
  const uniform = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0; // Numerical Recipes' generator
    return (state + 0.5) / 2 ** 32;
  };
  const length = shape.reduce((product, n) => product * n, 1);
  const one = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  return { data: Float32Array.from({ length }, () => scale * one()), shape };
}
