import { InvalidArgumentError } from '../../errors/index.js';
import { checkBoolean, checkInteger } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { inOrder } from '../../util/permutation.js';
import { RandomUse, randomStream } from '../../util/random-stream.js';
import { shuffle } from '../../util/shuffle.js';
import type { AnyDataset } from '../dataset.js';
import { viewDataset } from '../view.js';
import { checkSet, labelsOf } from './check-set.js';

const WHO = 'datasets.split';

/** Options of `datasets.split`. */
export interface SplitOptions {
  /** Share of the samples in the first of two parts, above 0 and below 1. Or give `sizes`. */
  fraction?: number;
  /** Numbers of samples of each part, together at most those of the set; those left over are in none. */
  sizes?: readonly number[];
  /**
   * Whether every class has the same share of each part, up to a sample or two.
   * @default false
   */
  stratified?: boolean;
  /**
   * What the parts are drawn with: an integer from 0.
   * @default 0
   */
  seed?: number;
}

/**
 * Parts of a set, drawn at random, no sample in two of them; within a part samples keep their order. Pixels are shared, not copied.
 *
 * ```ts
 * const [train, validation] = datasets.split(set, { fraction: 0.9, stratified: true });
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 */
export function split<Set extends AnyDataset>(set: Set, options: SplitOptions & { fraction: number }): [Set, Set];
export function split<Set extends AnyDataset>(set: Set, options: SplitOptions): Set[];
export function split<Set extends AnyDataset>(set: Set, options: SplitOptions): Set[] {
  checkOptions(WHO, options, ['fraction', 'sizes', 'stratified', 'seed']);
  const { size } = checkSet(WHO, set);
  const sizes = checkSizes(options, size);
  const { stratified = false, seed = 0 } = options;
  checkBoolean(WHO, 'stratified', stratified);
  checkInteger(WHO, 'seed', seed, 0);
  const order = inOrder(size);
  shuffle(order, seed, randomStream(RandomUse.split, 0));
  const parts = stratified ? byClass(order, labelsOf(WHO, set, 'stratified'), sizes) : inStretches(order, sizes);
  return parts.map((part) => viewDataset(set, Int32Array.from(part).sort()));
}

function inStretches(order: Int32Array, sizes: readonly number[]): Int32Array[] {
  let end = 0;
  return sizes.map((size) => {
    end += size;
    return order.subarray(end - size, end);
  });
}

/** Of each class its share, in whole samples; what is missing then comes from the classes with the largest remainders. */
function byClass(order: Int32Array, labels: Int32Array, sizes: readonly number[]): number[][] {
  const classes = new Map<number, number[]>();
  for (const sample of order) {
    const label = labels[sample] as number;
    const samples = classes.get(label);
    if (samples) samples.push(sample);
    else classes.set(label, [sample]);
  }
  // In random order, as their first samples are: so are those of equal remainders, for sorting is stable.
  const left = [...classes.values()];
  let samplesLeft = order.length;
  return sizes.map((size) => {
    const shares = left.map((samples) => (samples.length * size) / samplesLeft);
    const counts = shares.map(Math.floor);
    const byRemainder = shares
      .map((_, i) => i)
      .sort((a, b) => ((shares[b] as number) % 1) - ((shares[a] as number) % 1));
    const missing = size - counts.reduce((sum, count) => sum + count, 0);
    for (const i of byRemainder.slice(0, missing)) counts[i] = (counts[i] as number) + 1;
    samplesLeft -= size;
    return left.flatMap((samples, i) => samples.splice(0, counts[i]));
  });
}

function checkSizes({ fraction, sizes }: SplitOptions, size: number): number[] {
  if ((fraction === undefined) === (sizes === undefined)) {
    throw new InvalidArgumentError(
      `${WHO}: expected either fraction or sizes, received ${fraction === undefined ? 'neither' : 'both'}.`,
    );
  }
  if (fraction !== undefined) {
    const first = typeof fraction === 'number' ? Math.round(fraction * size) : 0;
    if (first >= 1 && first < size) return [first, size - first];
    throw new InvalidArgumentError(
      `${WHO}: expected a number above 0 and below 1 for fraction that gives both parts one of ${size} samples at least, ` +
        `received ${describe(fraction)}.`,
    );
  }
  const list: unknown[] = Array.isArray(sizes) ? [...sizes] : [];
  const isCount = (count: unknown) => Number.isSafeInteger(count) && (count as number) >= 1;
  const total = list.every(isCount) ? (list as number[]).reduce((sum, count) => sum + count, 0) : Infinity;
  if (list.length > 0 && total <= size) return list as number[];
  throw new InvalidArgumentError(
    `${WHO}: expected an array of integers from 1 for sizes, together at most ${size} (the samples of the set), received ` +
      `${describe(sizes)}.`,
  );
}
