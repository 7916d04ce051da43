import { type NativeDataset, type NativeTargets, native } from '../native.js';
import { type AnyDataset, partsOf } from './dataset.js';
import { type View, viewOf } from './view.js';

interface Copy {
  readonly dataset: NativeDataset;
  /** Beside those in native memory, for what is computed from them in JavaScript. */
  readonly labels: Int32Array | undefined;
}

const copies = new WeakMap<AnyDataset, Copy>();

/**
 * Views with samples of their own: whoever has written into the arrays of a view before its first use means those. Pixels that nobody has read
 * through it are the ones of the base's copy.
 */
const parted = new WeakMap<AnyDataset, boolean>();

/** The labels of a set as native code knows them, whatever was written into its arrays since. */
export function copiedLabels(data: AnyDataset): Int32Array | undefined {
  const view = sharedView(data);
  if (!view) return copyOf(data).labels;
  const { labels } = copyOf(view.base);
  return labels && view.indices.map((i) => labels[i] as number);
}

/** The view that a set is, if native code reads its samples from the copy of its base: decided at the first use. */
function sharedView(data: AnyDataset): View | undefined {
  const view = viewOf(data);
  if (!view) return undefined;
  let isParted = parted.get(data);
  if (isParted === undefined) {
    const { labels = null, targets = null, weights = null } = data;
    const pixels = view.pixels();
    const parts = pixels === undefined ? null : [pixels].flat();
    isParted = !copyOf(view.base).dataset.holds(view.indices, parts, labels, targets, weights);
    parted.set(data, isParted);
  }
  return isParted ? undefined : view;
}

/** The native copy of a dataset, made at its first use and kept as long as the dataset lives. */
function copyOf(data: AnyDataset): Copy {
  const found = copies.get(data);
  if (found) return found;
  const parts = partsOf(data).map(({ images }) => ({ samples: images, features: images.length / data.size }));
  const dataset = new native.Dataset(parts, data.labels ?? null, targetsOf(data), data.weights ?? null);
  const copy = { dataset, labels: data.labels?.slice() };
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

/** Samples of a set for native code, without a copy for views that show their base as it was copied. */
export function nativeSamples(data: AnyDataset): NativeSamples {
  const view = sharedView(data);
  if (!view) return { dataset: copyOf(data).dataset, placesOf: (samples) => samples };
  const { base, indices: pool } = view;
  const placesOf = (samples: Int32Array) => Int32Array.from(samples, (i) => pool[i] as number);
  return { dataset: copyOf(base).dataset, pool, placesOf };
}

function targetsOf({ targets, size }: AnyDataset): NativeTargets | null {
  return targets ? { samples: targets, features: targets.length / size } : null;
}
