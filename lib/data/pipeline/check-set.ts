import { InvalidArgumentError } from '../../errors/index.js';
import { describe } from '../../util/describe.js';
import { isPlainObject } from '../../util/is-plain-object.js';
import type { AnyDataset } from '../dataset.js';
import { StreamedDataset } from '../streamed/streamed-dataset.js';

/** @throws InvalidArgumentError unless `set` is a dataset held in memory */
export function checkSet<Set extends AnyDataset>(who: string, set: Set): Set {
  if (isPlainObject(set) && 'images' in set && Array.isArray(set.shape)) {
    const { size } = set as AnyDataset;
    if (Number.isSafeInteger(size) && size >= 1) return set;
  }
  const wayOut = (set as unknown) instanceof StreamedDataset ? ' Give it await set.toMemory().' : '';
  throw new InvalidArgumentError(
    `${who}: expected a dataset held in memory, such as datasets.fromArrays() gives, received ${describe(set)}.${wayOut}`,
  );
}

/** The labels of a set. @throws InvalidArgumentError when it has none */
export function labelsOf(who: string, { labels }: AnyDataset, purpose: string): Int32Array {
  if (labels instanceof Int32Array) return labels;
  throw new InvalidArgumentError(`${who}: expected a dataset with labels for ${purpose}, received one without.`);
}
