import type { AnyDataset } from './dataset.js';
import { gatherRows } from './gather-rows.js';

/** Samples of another set: which they are, in their order. */
export interface View {
  /** A set with pixels of its own. */
  readonly base: AnyDataset;
  readonly indices: Int32Array;
  /** Its pixels, once somebody has read them. */
  readonly pixels: () => AnyDataset['images'] | undefined;
}

const views = new WeakMap<AnyDataset, View>();

/** The view that a dataset is, if it is one. */
export function viewOf(data: AnyDataset): View | undefined {
  return views.get(data);
}

/**
 * A dataset of samples of another one, in the order given. Labels, targets and weights are copied, pixels are not: training and
 * evaluation read those of the other set. They are copied when somebody reads `images`.
 */
export function viewDataset<Set extends AnyDataset>(set: Set, chosen: Int32Array): Set {
  // Pixels that somebody has read are the view's own, and may have been written into.
  const outer = views.get(set)?.pixels() === undefined ? views.get(set) : undefined;
  const base = outer?.base ?? set;
  const indices = outer ? Int32Array.from(chosen, (i) => outer.indices[i] as number) : chosen;
  const { images: _, size: __, labels, targets, weights, ...rest } = Object.getOwnPropertyDescriptors(set);
  let images: AnyDataset['images'] | undefined;
  const view = Object.defineProperties({}, rest) as Set;
  Object.defineProperties(view, {
    images: {
      enumerable: true,
      get: () => {
        images ??= copyImages(base, indices);
        return images;
      },
    },
    size: { enumerable: true, value: indices.length },
    ...(labels &&
      set.labels && { labels: { enumerable: true, value: gatherRows(set.labels as Int32Array, chosen, 1) } }),
    ...(weights &&
      set.weights && { weights: { enumerable: true, value: gatherRows(set.weights as Float32Array, chosen, 1) } }),
    ...(targets &&
      set.targets && {
        targets: { enumerable: true, value: gatherRows(set.targets as Float32Array, chosen, elementsOf(set)) },
      }),
  });
  views.set(view, { base, indices, pixels: () => images });
  return view;
}

function elementsOf({ targets, size }: AnyDataset): number {
  return (targets?.length ?? 0) / size;
}

function copyImages({ images, size }: AnyDataset, indices: Int32Array): AnyDataset['images'] {
  const copy = <Pixels extends Uint8Array | Float32Array>(pixels: Pixels) =>
    gatherRows(pixels, indices, pixels.length / size);
  return Array.isArray(images)
    ? (images as readonly (Uint8Array | Float32Array)[]).map(copy)
    : copy(images as Uint8Array | Float32Array);
}
