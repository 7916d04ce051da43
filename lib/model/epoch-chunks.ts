import type { AnyDataset } from '../data/dataset.js';
import { nativeSamples } from '../data/native-copy.js';
import type { NativeDataset } from '../native.js';

/** Samples of some steps of an epoch, where native code reads them. */
export interface EpochChunk {
  readonly dataset: NativeDataset;
  /** Indices within `dataset`, in the order of their use. All steps but an epoch's last are full. */
  readonly order: Int32Array;
  /** Their indices within the whole set. */
  readonly keys: Int32Array;
  /** Indices within `dataset` of the samples that others are mixed with; all of them where there are none. */
  readonly pool?: Int32Array;
}

/** The samples of an epoch in pieces: a set in memory is a single one. */
export async function* epochChunks(data: AnyDataset, order: Int32Array): AsyncGenerator<EpochChunk> {
  const { placesOf, ...samples } = nativeSamples(data);
  yield { ...samples, order: placesOf(order), keys: order };
}
