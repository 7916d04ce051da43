import { type FloatArray, type NativeDataset, native } from '../native.js';
import type { Dataset } from './dataset.js';

const copies = new WeakMap<Dataset, NativeDataset>();

/** The native copy of a dataset, made at its first use and kept as long as the dataset lives. */
export function nativeCopy(data: Dataset): NativeDataset {
  const found = copies.get(data);
  if (found) return found;
  const copy = nativeSamples(data.images, data.images.length / data.size, data.labels);
  copies.set(data, copy);
  return copy;
}

/** A native copy of samples that is kept by nobody else. */
export function nativeSamples(
  samples: Uint8Array | FloatArray,
  features: number,
  labels: Int32Array | null,
): NativeDataset {
  return new native.Dataset(samples, features, labels);
}
