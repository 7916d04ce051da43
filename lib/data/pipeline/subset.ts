import { DataError, InvalidArgumentError } from '../../errors/index.js';
import { checkInteger } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { inOrder } from '../../util/permutation.js';
import { checkIndices } from '../check-indices.js';
import type { AnyDataset } from '../dataset.js';
import { viewDataset } from '../view.js';
import { checkSet, labelsOf } from './check-set.js';

const WHO = 'datasets.subset';

/** Options of `datasets.subset`. */
export interface SubsetOptions {
  /** Numbers of the samples, in the order they shall have; one may be named often. */
  indices?: ArrayLike<number>;
  /** Only samples of these classes. Labels and the number of classes stay as they are. */
  classes?: readonly number[];
  /** Only so many, the first of those that the other options leave; all, where there are fewer. */
  first?: number;
}

/**
 * Some samples of a set. Pixels are shared, not copied.
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when no sample is left
 */
export function subset<Set extends AnyDataset>(set: Set, options: SubsetOptions): Set {
  checkOptions(WHO, options, ['indices', 'classes', 'first']);
  const { size } = checkSet(WHO, set);
  let chosen = options.indices === undefined ? inOrder(size) : checkIndices(WHO, options.indices, size);
  const { classes, first } = options;
  if (classes !== undefined) {
    const wanted = checkClasses(classes);
    const labels = labelsOf(WHO, set, 'classes');
    chosen = chosen.filter((index) => wanted.has(labels[index] as number));
  }
  if (first !== undefined) chosen = chosen.slice(0, checkInteger(WHO, 'first', first, 1));
  if (chosen.length > 0) return viewDataset(set, chosen);
  throw new DataError(`${WHO}: expected at least one sample of the classes ${String(classes)}, received none.`);
}

function checkClasses(classes: unknown): ReadonlySet<number> {
  const list: unknown[] = Array.isArray(classes) ? [...classes] : [];
  if (list.length > 0 && list.every((label) => Number.isSafeInteger(label) && (label as number) >= 0)) {
    return new Set(list as number[]);
  }
  throw new InvalidArgumentError(
    `${WHO}: expected an array of class numbers from 0 for classes, received ${describe(classes)}.`,
  );
}
