import { checkDataset } from '../data/check-dataset.js';
import type { Comparison } from '../data/check-targets.js';
import { type AnyDataset, type DatasetPart, partsOf } from '../data/dataset.js';
import { type ModelInput, transformOf } from '../model/input.js';
import type { RandomBatch } from '../model/random-batch.js';
import { type Shape, sizeOf } from '../util/shape.js';

/** Samples as the network sees them, behind all preprocessing, and what the loss compares outputs with. */
export interface CheckedBatch extends RandomBatch {
  readonly weights?: Float32Array | undefined;
}

/** The first samples of a set, at most so many, with what the loss reads; without a loss nothing is compared. */
export function firstSamples(
  who: string,
  data: AnyDataset,
  most: number,
  inputs: readonly ModelInput[],
  loss: Comparison | undefined,
  outputShape: Shape,
): CheckedBatch {
  const set = checkDataset(who, data, inputs, loss, outputShape);
  const samples = Math.min(most, set.size);
  const parts = partsOf(set);
  return {
    samples,
    inputs: inputs.map((input, i) => preprocessed(parts[i] as DatasetPart, samples, input)),
    ...(loss?.reads === 'labels' && { labels: set.labels?.slice(0, samples) }),
    ...(loss?.reads === 'targets' && { targets: set.targets?.slice(0, samples * sizeOf(outputShape)) }),
    weights: set.weights?.slice(0, samples),
  };
}

function preprocessed({ images }: DatasetPart, samples: number, input: ModelInput): Float32Array {
  const features = sizeOf(input.shape);
  const first = images.subarray(0, samples * features);
  if (first instanceof Float32Array) return first.slice();
  const { channels, scale, shift } = transformOf(input);
  const pixels = features / channels;
  return Float32Array.from(first, (x, i) => {
    const channel = Math.floor((i % features) / pixels);
    return x * (scale[channel] ?? 1) + (shift[channel] ?? 0);
  });
}
