import { DataError } from '../../errors/index.js';
import { readWhole } from '../read-whole.js';
import { type Cifar10Batch, CLASSES, MOST_BYTES, PIXELS } from './batch.js';

const RECORD = 1 + PIXELS;
const MOST_META_BYTES = 2 ** 16;

/**
 * Reads a file of the binary version: for each image a byte of its label and 3072 of its pixels.
 *
 * @throws DataError naming the file, the byte, what was expected there and what was found
 */
export async function readBinaryBatch(path: string): Promise<Cifar10Batch> {
  const bytes = await readWhole(path, MOST_BYTES);
  const size = bytes.length / RECORD;
  if (!Number.isInteger(size) || size === 0) {
    throw new DataError(
      `${path}: expected a multiple of ${RECORD} bytes (a label and ${PIXELS} pixels an image), received ` +
        `${bytes.length}. The file was cut short or is of another set: fetch it again.`,
    );
  }
  const images = new Uint8Array(size * PIXELS);
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const label = bytes[i * RECORD] as number;
    if (label >= CLASSES) {
      throw new DataError(
        `${path}: expected a label from 0 to ${CLASSES - 1} at byte ${i * RECORD}, received ${label} (image ${i}). ` +
          'The file is damaged or of another set, such as CIFAR-100: fetch it again.',
      );
    }
    labels[i] = label;
    images.set(bytes.subarray(i * RECORD + 1, (i + 1) * RECORD), i * PIXELS);
  }
  return { images, labels };
}

/** Reads `batches.meta.txt`: the name of a class on each line. */
export async function readBinaryMeta(path: string): Promise<readonly string[]> {
  const text = new TextDecoder().decode(await readWhole(path, MOST_META_BYTES));
  const names = text.split('\n').map((line) => line.trim());
  while (names.at(-1) === '') names.pop();
  if (names.length === CLASSES && names.every((name) => name !== '')) return names;
  throw new DataError(
    `${path}: expected the names of ${CLASSES} classes, one a line, received ${names.length} lines. ` +
      'The file is damaged or of another set: fetch it again.',
  );
}
