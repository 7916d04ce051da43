import { checkDataset } from '../data/check-dataset.js';
import { type Dataset, type DatasetPart, type MultiInputDataset, partsOf } from '../data/dataset.js';
import { type ModelInput, transformOf } from '../model/input.js';
import type { Philox } from '../util/philox.js';
import { type Shape, sizeOf } from '../util/shape.js';

/** Samples as the network sees them, behind all preprocessing. */
export interface CheckedBatch {
  /** Of each input. */
  readonly inputs: readonly Float32Array[];
  readonly labels: Int32Array;
}

/** Normally distributed samples and evenly distributed labels. */
export function randomBatch(
  random: Philox,
  samples: number,
  inputs: readonly { readonly shape: Shape }[],
  classes: number,
): CheckedBatch {
  return {
    inputs: inputs.map(({ shape }) =>
      Float32Array.from({ length: samples * sizeOf(shape) }, () => random.nextNormal()),
    ),
    labels: Int32Array.from({ length: samples }, () => random.nextInt(classes)),
  };
}

/** The first samples of a set, at most so many. */
export function firstSamples(
  who: string,
  data: Dataset | MultiInputDataset,
  most: number,
  inputs: readonly ModelInput[],
  classes: number,
): CheckedBatch {
  const set = checkDataset(who, data, inputs, classes);
  const samples = Math.min(most, set.size);
  const parts = partsOf(set);
  return {
    inputs: inputs.map((input, i) => preprocessed(parts[i] as DatasetPart, samples, input)),
    labels: set.labels.slice(0, samples),
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
