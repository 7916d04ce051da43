import { DataError } from '../../errors/index.js';
import { type CifarBatch, type CifarLabels, type CifarSet, PIXELS } from './set.js';

/**
 * Reads a file of the binary version: for each image a byte of each of its labels and 3072 of its pixels.
 *
 * @param path names the file in messages
 * @throws DataError naming the file, the byte, what was expected there and what was found
 */
export function readBinaryBatch(path: string, bytes: Uint8Array, set: CifarSet, wanted: CifarLabels): CifarBatch {
  const heads = set.labels.length;
  const record = heads + PIXELS;
  const size = bytes.length / record;
  if (!Number.isInteger(size) || size === 0) {
    const head = heads === 1 ? 'a label' : `${heads} labels`;
    throw new DataError(
      `${path}: expected a multiple of ${record} bytes (${head} and ${PIXELS} pixels an image), received ` +
        `${bytes.length}. The file was cut short or is of another set: fetch it again.`,
    );
  }
  const images = new Uint8Array(size * PIXELS);
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    for (const [head, kind] of set.labels.entries()) {
      const at = i * record + head;
      const label = bytes[at] as number;
      if (label >= kind.classes) throw badLabel(path, at, label, i, kind);
      if (kind === wanted) labels[i] = label;
    }
    images.set(bytes.subarray(i * record + heads, (i + 1) * record), i * PIXELS);
  }
  return { images, labels };
}

/** Reads a file such as `batches.meta.txt`: the name of a class on each line. */
export function readBinaryMeta(path: string, bytes: Uint8Array, { classes }: CifarLabels): readonly string[] {
  const names = new TextDecoder()
    .decode(bytes)
    .split('\n')
    .map((line) => line.trim());
  while (names.at(-1) === '') names.pop();
  if (names.length === classes && names.every((name) => name !== '')) return names;
  throw new DataError(
    `${path}: expected the names of ${classes} classes, one a line, received ${names.length} lines. ` +
      'The file is damaged or of another set: fetch it again.',
  );
}

function badLabel(path: string, at: number, label: number, image: number, { classes }: CifarLabels): DataError {
  return new DataError(
    `${path}: expected a label from 0 to ${classes - 1} at byte ${at}, received ${label} (image ${image}). ` +
      'The file is damaged or of another set: fetch it again.',
  );
}
