import { type NativeDataset, type NativeTargets, native } from '../native.js';
import { type AnyDataset, partsOf } from './dataset.js';

const copies = new WeakMap<AnyDataset, NativeDataset>();

/** The native copy of a dataset, made at its first use and kept as long as the dataset lives. */
export function nativeCopy(data: AnyDataset): NativeDataset {
  const found = copies.get(data);
  if (found) return found;
  const parts = partsOf(data).map(({ images }) => ({ samples: images, features: images.length / data.size }));
  const copy = new native.Dataset(parts, data.labels ?? null, targetsOf(data), data.weights ?? null);
  copies.set(data, copy);
  return copy;
}

function targetsOf({ targets, size }: AnyDataset): NativeTargets | null {
  return targets ? { samples: targets, features: targets.length / size } : null;
}
