import { InvalidArgumentError } from '../errors/index.js';
import { checkMemory } from '../machine/memory.js';
import { checkInteger } from '../util/check.js';
import { describe } from '../util/describe.js';
import { oneHotRows } from '../util/one-hot-rows.js';
import type { OpArray } from './array.js';

/**
 * A row for each label, `[N, classes]`: 1 at the label, 0 elsewhere.
 *
 * @param labels class indices; of an `Int32Array` or `Uint8Array` the result is flat, `{ data, shape }`
 * @throws InvalidArgumentError for labels that are no integers from 0 to `classes - 1`, TrainingError when memory cannot hold the rows
 */
export function oneHot(labels: readonly number[], classes: number): number[][];
export function oneHot(labels: Int32Array | Uint8Array, classes: number): OpArray;
export function oneHot(labels: readonly number[] | Int32Array | Uint8Array, classes: number): number[][] | OpArray {
  const who = 'ops.oneHot';
  checkInteger(who, 'classes', classes, 1);
  if (!Array.isArray(labels) && !(labels instanceof Int32Array) && !(labels instanceof Uint8Array)) {
    throw new InvalidArgumentError(
      `${who}: expected an array, Int32Array or Uint8Array of class indices for labels, received ${describe(labels)}.`,
    );
  }
  checkMemory(who, 'the rows', 4 * labels.length * classes, 'Use fewer classes, or fewer labels at once.');
  const data = oneHotRows(who, labels, classes);
  if (!Array.isArray(labels)) return { data, shape: [labels.length, classes] };
  return labels.map((_, i) => Array.from(data.subarray(i * classes, (i + 1) * classes)));
}
