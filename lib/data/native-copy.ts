import { type NativeDataset, type NativeTargets, native } from '../native.js';
import { type AnyDataset, partsOf } from './dataset.js';
import { viewOf } from './view.js';

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

/** Where native code reads the samples of a set: those of a view lie in the set it shows. */
export interface NativeSamples {
  readonly dataset: NativeDataset;
  /** Of a view: the places of its samples in `dataset`. */
  readonly pool?: Int32Array;
  /** Places in `dataset` of samples of the set. */
  readonly placesOf: (samples: Int32Array) => Int32Array;
}

/** Samples of a set for native code, without a copy for views. */
export function nativeSamples(data: AnyDataset): NativeSamples {
  const view = viewOf(data);
  if (!view) return { dataset: nativeCopy(data), placesOf: (samples) => samples };
  const { base, indices: pool } = view;
  const placesOf = (samples: Int32Array) => Int32Array.from(samples, (i) => pool[i] as number);
  return { dataset: nativeCopy(base), pool, placesOf };
}

function targetsOf({ targets, size }: AnyDataset): NativeTargets | null {
  return targets ? { samples: targets, features: targets.length / size } : null;
}
