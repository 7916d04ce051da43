import { InvalidArgumentError } from '../errors/index.js';
import { checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { oneHotRows } from '../util/one-hot-rows.js';
import type { Dataset, MultiInputDataset } from './dataset.js';

const WHO = 'datasets.oneHot';

/** Options of `datasets.oneHot`. */
export interface OneHotOptions {
  /**
   * Target of the classes a sample is not of: -1 for hinge.
   * @default 0
   */
  off?: number;
}

/**
 * The same set with targets `[classes]` beside its labels, 1 for the class of each sample: for losses that compare with
 * targets, such as `halfSumOfSquares`. Images are shared, not copied, save those of a part of a set.
 *
 * @throws InvalidArgumentError unless the set has labels below its number of classes
 */
export function oneHot<Set extends Dataset | MultiInputDataset>(set: Set, options: OneHotOptions = {}): Set & Targets {
  checkOptions(WHO, options, ['off']);
  const { off = 0 } = options;
  checkNumber(WHO, 'off', off, -Number.MAX_VALUE);
  const { labels, classes } = isPlainObject(set) ? (set as Dataset) : ({} as Partial<Dataset>);
  if (!(labels instanceof Int32Array) || !Number.isSafeInteger(classes) || (classes as number) < 1) {
    throw new InvalidArgumentError(`${WHO}: expected a dataset with labels, received ${describe(set)}.`);
  }
  const count = classes as number;
  return { ...set, targets: oneHotRows(WHO, labels, count, off), targetShape: [count] };
}

interface Targets {
  readonly targets: Float32Array;
  readonly targetShape: readonly number[];
}
