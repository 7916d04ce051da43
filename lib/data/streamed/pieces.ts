import { limiter } from '../../util/limiter.js';
import { sizeOf } from '../../util/shape.js';
import { bytesOf, newSamples } from './sample-element.js';
import type { StreamedDataset } from './streamed-dataset.js';

/** Samples are read, and copied on the main thread, so many bytes at a time: copying them takes a fraction of a millisecond. */
const PIECE_BYTES = 2 ** 20;
/** Pieces being read at once: as many as Node's pool has threads. */
const PIECES_AT_ONCE = 4;

export const pieceLimiter = () => limiter(PIECES_AT_ONCE);

/** Reads samples piece by piece, several pieces at once, and hands each over with its place among the indices. */
export async function readPieces(
  data: StreamedDataset,
  indices: Int32Array,
  signal: AbortSignal,
  deliver: (first: number, samples: Uint8Array | Float32Array, indices: Int32Array) => void,
  limit = pieceLimiter(),
): Promise<void> {
  const features = sizeOf(data.shape);
  const bytes = features * bytesOf(data.element);
  const samples = Math.max(1, Math.floor(PIECE_BYTES / bytes));
  const staging: (Uint8Array | Float32Array)[] = [];
  const pieces: Promise<void>[] = [];
  let failed = false;
  for (let first = 0; first < indices.length; first += samples) {
    const piece = indices.subarray(first, first + samples);
    const read = limit(async () => {
      signal.throwIfAborted();
      // Of several pieces that fail, the first is reported, and none is begun after it.
      if (failed) return;
      const buffer = staging.pop() ?? newSamples(data.element, samples * features);
      const into = buffer.subarray(0, piece.length * features);
      await data.read(piece, into, signal);
      signal.throwIfAborted();
      deliver(first, into, piece);
      staging.push(buffer);
    });
    pieces.push(read);
    read.catch(() => {
      failed = true;
    });
  }
  await Promise.all(pieces);
}
