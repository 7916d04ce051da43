import { InvalidArgumentError, ShapeError } from '../../errors/index.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../../util/shape.js';
import { checkDataset, type DataInput } from '../check-dataset.js';
import { type Comparison, checkTargets } from '../check-targets.js';
import type { AnyDataset, TrainingData } from '../dataset.js';
import { BatchStream } from './batch-stream.js';
import { StreamedDataset } from './streamed-dataset.js';

/**
 * Checks that data fit a model, whether they are in memory or read when they are needed.
 *
 * @throws InvalidArgumentError or ShapeError otherwise
 */
export function checkData<Data extends TrainingData>(
  who: string,
  data: Data,
  inputs: readonly DataInput[],
  loss: Comparison,
  outputShape: Shape,
): Data {
  if (!(data instanceof StreamedDataset || data instanceof BatchStream)) {
    checkDataset(who, data as AnyDataset, inputs, loss, outputShape);
    return data;
  }
  const [input, ...others] = inputs;
  if (!input || others.length > 0) {
    throw new InvalidArgumentError(
      `${who}: expected a set in memory for a model of ${inputs.length} inputs, received a streamed one, which has one part.`,
    );
  }
  if (!sameShape(data.shape, input.shape)) {
    throw new ShapeError(
      `${who}: expected samples of shape ${formatShape(input.shape)} for ${input.name}, received ${formatShape(data.shape)}.`,
    );
  }
  if (loss.reads !== 'labels') {
    throw new InvalidArgumentError(
      `${who}: expected a set in memory for the loss ${loss.name}, which compares with targets, received a streamed one, which ` +
        'has labels. Use sparseCategoricalCrossentropy.',
    );
  }
  if (data instanceof StreamedDataset) {
    const { labels, size } = data;
    checkTargets(who, { labels, size } as AnyDataset, loss, outputShape);
  } else if (data.classes > sizeOf(outputShape)) {
    throw new InvalidArgumentError(
      `${who}: expected at most ${sizeOf(outputShape)} classes, for the model has as many outputs, received ${data.classes}. ` +
        'Give the last layer one unit a class.',
    );
  }
  return data;
}

/** The same for data to be evaluated, which must have an end. */
export function checkFiniteData<Data extends TrainingData>(
  who: string,
  data: Data,
  inputs: readonly DataInput[],
  loss: Comparison,
  outputShape: Shape,
): Data {
  checkData(who, data, inputs, loss, outputShape);
  if (data.size !== Infinity) return data;
  throw new InvalidArgumentError(
    `${who}: expected a set of known size to evaluate, received a stream of batches without. ` +
      'Give datasets.fromBatches() the size.',
  );
}
