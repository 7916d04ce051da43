import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../util/shape.js';
import { type Comparison, checkTargets } from './check-targets.js';
import { type AnyDataset, type DatasetPart, partsOf } from './dataset.js';
import { viewOf } from './view.js';

/** An input that a part of a dataset is to fit. */
export interface DataInput {
  readonly name: string;
  readonly shape: Shape;
}

/**
 * Checks that a dataset is one, and fits a model: a part for each input, samples of the inputs' shapes, labels or targets
 * that the loss, if there is one, can compare its outputs with.
 *
 * @throws InvalidArgumentError or ShapeError otherwise
 */
export function checkDataset<Data extends AnyDataset>(
  who: string,
  data: Data,
  inputs: readonly DataInput[],
  loss: Comparison | undefined,
  outputShape: Shape,
): Data {
  // A view's pixels are those of the set it shows until somebody reads them, for that copies them.
  const view = viewOf(data);
  const stored = view && view.pixels() === undefined ? view.base : data;
  if (!isDataset(stored)) {
    throw new InvalidArgumentError(
      `${who}: expected a dataset, received ${describe(data)}. Use datasets.mnist(), datasets.digits() or datasets.fromArrays().`,
    );
  }
  const parts = partsOf(stored);
  if (parts.length !== inputs.length) {
    const names = inputs.map(({ name }) => name).join(', ');
    throw new ShapeError(
      `${who}: expected a dataset with a part for each input (${names}), received one of ${parts.length} parts. ` +
        'Give datasets.fromArrays() as many arrays and shapes: { images: [a, b], shape: [[...], [...]] }.',
    );
  }
  for (const [i, { name, shape }] of inputs.entries()) checkPart(who, name, shape, parts[i] as DatasetPart, stored);
  if (loss) checkTargets(who, data, loss, outputShape);
  return data;
}

function isDataset(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false;
  const set = data as AnyDataset;
  const { labels, targets } = set;
  return (
    (labels instanceof Int32Array || (labels === undefined && targets !== undefined)) &&
    (targets === undefined || (targets instanceof Float32Array && Array.isArray(set.targetShape))) &&
    Array.isArray(set.shape) &&
    partsOf(set).every(isPart)
  );
}

export function isPart({ images, shape }: DatasetPart): boolean {
  return (images instanceof Uint8Array || images instanceof Float32Array) && Array.isArray(shape);
}

function checkPart(
  who: string,
  name: string,
  inputShape: Shape,
  { images, shape }: DatasetPart,
  { size }: AnyDataset,
): void {
  if (!sameShape(shape, inputShape)) {
    throw new ShapeError(
      `${who}: expected samples of shape ${formatShape(inputShape)} for ${name}, received ${formatShape(shape)}.`,
    );
  }
  checkPixelCount(who, ` for ${name}`, { images, shape }, size);
}

/**
 * @param purpose of the values, such as ` for input`, or nothing
 * @throws ShapeError unless there are as many pixels for each sample as its shape says
 */
export function checkPixelCount(who: string, purpose: string, { images, shape }: DatasetPart, size: number): void {
  if (images.length === size * sizeOf(shape) && Number.isInteger(size) && size >= 1) return;
  throw new ShapeError(
    `${who}: expected at least one sample, with ${sizeOf(shape)} values${purpose} each, received ${images.length} values for ` +
      `${size} samples.`,
  );
}
