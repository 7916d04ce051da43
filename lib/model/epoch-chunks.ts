import type { TrainingData } from '../data/dataset.js';
import { nativeSamples } from '../data/native-copy.js';
import { BatchStream } from '../data/streamed/batch-stream.js';
import { pieceLimiter, readPieces } from '../data/streamed/pieces.js';
import { StreamedDataset } from '../data/streamed/streamed-dataset.js';
import type { NativeDataset } from '../native.js';
import { orAborted } from '../util/or-aborted.js';
import { chunksAhead } from './chunks-ahead.js';
import type { SampleOrder } from './sample-order.js';

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

export interface ChunkOptions {
  /** Samples a step. Chunks are of whole steps. */
  readonly batchSize: number;
  /**
   * Samples of the epoch that are done: the first chunk begins behind them.
   * @default 0
   */
  readonly done?: number;
  /** Ends the wait for samples that are being read. */
  readonly signal: AbortSignal | undefined;
  /** Hears the labels of samples that are not known ahead, in order. */
  readonly onLabels?: (labels: Int32Array) => void;
}

/**
 * The samples of an epoch, or of the rest of one, in pieces: a set in memory is a single one. A chunk is in use until the next is
 * asked for; those after it are read meanwhile.
 */
export function epochChunks(
  data: TrainingData,
  order: SampleOrder,
  options: ChunkOptions,
): AsyncGenerator<EpochChunk, void, undefined> {
  if (data instanceof StreamedDataset) return streamedChunks(data, order, options);
  if (data instanceof BatchStream) return batchChunks(data, order, options);
  return (async function* () {
    const { placesOf, ...samples } = nativeSamples(data);
    const keys = order.subarray(options.done ?? 0, order.length);
    yield { ...samples, order: placesOf(keys), keys };
  })();
}

/** Copies a set in memory now, where it is: what is written into its arrays from here on changes nothing. */
export function takeCopy(data: TrainingData | undefined): void {
  if (data === undefined || data instanceof StreamedDataset || data instanceof BatchStream) return;
  nativeSamples(data);
}

/** Samples read by their indices, several pieces at once. */
function streamedChunks(data: StreamedDataset, order: SampleOrder, options: ChunkOptions) {
  const limit = pieceLimiter();
  return chunksAhead(data, order, options, {
    fill: (into, keys, stop) =>
      readPieces(
        data,
        keys,
        stop,
        (first, samples, indices) => {
          into.write(
            first,
            samples,
            Int32Array.from(indices, (index) => data.labels[index] as number),
          );
        },
        limit,
      ),
  });
}

/** Samples in the order in which they come: chunk after chunk. */
async function* batchChunks(
  stream: BatchStream,
  order: SampleOrder,
  options: ChunkOptions,
): AsyncGenerator<EpochChunk, void, undefined> {
  const { done = 0, signal, onLabels } = options;
  const { reader, skip } = stream.begin(done);
  let before: Promise<unknown> | undefined;
  let complete = false;
  try {
    yield* chunksAhead(stream, order, options, {
      fill: (into, keys, stop) => {
        before ??= reader.take(skip, () => undefined, stop);
        const filled = before.then(() =>
          reader.take(
            keys.length,
            (first, images, labels) => {
              into.write(first, images, labels);
              onLabels?.(labels);
            },
            stop,
          ),
        );
        before = filled;
        return filled;
      },
    });
    complete = true;
  } finally {
    // An iterator that is still at work would let a stopped training wait for it.
    const ended = reader.end();
    if (complete) await orAborted(ended, signal);
    else ended.catch(() => undefined);
  }
}
