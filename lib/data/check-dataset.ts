import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../util/shape.js';
import type { Dataset } from './dataset.js';

/**
 * Checks that a dataset is one, and fits a model: samples of its input's shape, labels of its outputs.
 *
 * @throws InvalidArgumentError or ShapeError otherwise
 */
export function checkDataset(who: string, data: unknown, inputShape: Shape, outputs: number): Dataset {
  const set = data as Dataset;
  const isSet =
    typeof data === 'object' &&
    data !== null &&
    (set.images instanceof Uint8Array || set.images instanceof Float32Array) &&
    set.labels instanceof Int32Array &&
    Array.isArray(set.shape);
  if (!isSet) {
    throw new InvalidArgumentError(
      `${who}: expected a dataset, received ${describe(data)}. Use datasets.mnist(), datasets.digits() or datasets.fromArrays().`,
    );
  }
  if (!sameShape(set.shape, inputShape)) {
    throw new ShapeError(
      `${who}: expected samples of the model's input shape ${formatShape(inputShape)}, received ${formatShape(set.shape)}.`,
    );
  }
  if (set.images.length !== set.size * sizeOf(inputShape) || set.labels.length !== set.size || set.size < 1) {
    throw new ShapeError(
      `${who}: expected at least one sample, with ${sizeOf(inputShape)} values and a label each, received ` +
        `${set.images.length} values and ${set.labels.length} labels for ${set.size} samples.`,
    );
  }
  const wrong = set.labels.findIndex((label) => label < 0 || label >= outputs);
  if (wrong >= 0) {
    throw new InvalidArgumentError(
      `${who}: expected labels from 0 to ${outputs - 1}, for the model has ${outputs} outputs; received ` +
        `${set.labels[wrong]} at position ${wrong}. Give the last layer one unit a class.`,
    );
  }
  return set;
}
