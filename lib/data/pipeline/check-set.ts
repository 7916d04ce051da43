import { InvalidArgumentError } from '../../errors/index.js';
import { describe } from '../../util/describe.js';
import { isPlainObject } from '../../util/is-plain-object.js';
import { checkPixelCount, isPart } from '../check-dataset.js';
import { checkLabelCount, checkTargetCount, checkWeightCount } from '../check-targets.js';
import { type AnyDataset, partsOf } from '../dataset.js';
import { StreamedDataset } from '../streamed/streamed-dataset.js';

/** @throws InvalidArgumentError unless `set` is a dataset held in memory, ShapeError unless it holds as much as its size says */
export function checkSet<Set extends AnyDataset>(who: string, set: Set): Set {
  if (isPlainObject(set) && isDataset(set)) {
    checkCounts(who, set);
    return set;
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

function isDataset(set: AnyDataset): boolean {
  const { size, labels, targets, targetShape, shape } = set;
  return (
    'images' in set &&
    Array.isArray(shape) &&
    (!holdsPixels(set) || partsOf(set).every(isPart)) &&
    (labels === undefined || labels instanceof Int32Array) &&
    (targets === undefined || (targets instanceof Float32Array && Array.isArray(targetShape))) &&
    Number.isSafeInteger(size) &&
    size >= 1
  );
}

function checkCounts(who: string, set: AnyDataset): void {
  const { size, labels, targets, targetShape = [], weights } = set;
  if (holdsPixels(set)) for (const part of partsOf(set)) checkPixelCount(who, '', part, size);
  if (labels) checkLabelCount(who, labels, size);
  if (targets) checkTargetCount(who, targets, targetShape, size);
  if (weights !== undefined) checkWeightCount(who, weights, size);
}

/** Not those of a part of a set, which reading would copy: the set that they are of was looked at. */
function holdsPixels(set: AnyDataset): boolean {
  return Object.getOwnPropertyDescriptor(set, 'images')?.get === undefined;
}
