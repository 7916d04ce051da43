import { type NativeDataset, native } from '../native.js';
import { type Dataset, type MultiInputDataset, partsOf } from './dataset.js';

const copies = new WeakMap<Dataset | MultiInputDataset, NativeDataset>();

/** The native copy of a dataset, made at its first use and kept as long as the dataset lives. */
export function nativeCopy(data: Dataset | MultiInputDataset): NativeDataset {
  const found = copies.get(data);
  if (found) return found;
  const parts = partsOf(data).map(({ images }) => ({ samples: images, features: images.length / data.size }));
  const copy = new native.Dataset(parts, data.labels);
  copies.set(data, copy);
  return copy;
}
