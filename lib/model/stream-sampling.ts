import type { TrainingData } from '../data/dataset.js';
import { BatchStream, MOST_SAMPLES } from '../data/streamed/batch-stream.js';
import { InvalidArgumentError } from '../errors/index.js';
import { checkInteger } from '../util/check.js';
import type { SamplingOptions } from './sampling.js';

/** What `planEpochs` is told of data: the samples of an epoch, and that those which come in their own order stay in it. */
export function samplingOf(
  who: string,
  data: TrainingData,
  batchSize: number,
  options: SamplingOptions,
): [size: number, options: SamplingOptions] {
  if (!(data instanceof BatchStream)) return [data.size, options];
  const { shuffle, sampling, stepsPerEpoch } = options;
  if (shuffle === true || sampling !== undefined) {
    const name = shuffle === true ? 'shuffle: true' : 'sampling';
    throw new InvalidArgumentError(
      `${who}: expected no ${name} for a stream of batches, whose samples come in an order of their own. Shuffle where ` +
        'batches are made.',
    );
  }
  if (data.size === Infinity && stepsPerEpoch === undefined) {
    throw new InvalidArgumentError(
      `${who}: expected stepsPerEpoch for a stream of batches of unknown size, received none. Or give datasets.fromBatches() the size.`,
    );
  }
  const size = data.size === Infinity ? checkInteger(who, 'stepsPerEpoch', stepsPerEpoch, 1) * batchSize : data.size;
  if (size <= MOST_SAMPLES) return [size, { ...options, shuffle: false }];
  throw new InvalidArgumentError(
    `${who}: expected at most ${MOST_SAMPLES} samples an epoch of a stream of batches, received ${size}. Train for more epochs.`,
  );
}
