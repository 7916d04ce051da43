import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError, InvalidArgumentError } from '../../errors/index.js';
import { checkInteger } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { toClasses } from './classes.js';
import { type RowFile, readRows, rowReader } from './row-files.js';
import { checkReadAhead, type ReadAheadOptions, StreamedDataset } from './streamed-dataset.js';

const WHO = 'datasets.fromCifarFiles';
const SHAPE = [3, 32, 32];
const PIXELS = 3 * 32 * 32;
/** Labels read in one call. */
const LABELS_AT_ONCE = 2 ** 14;

export interface FromCifarFilesOptions extends ReadAheadOptions {
  /** Paths of the files, the samples of which are counted through in this order. */
  files: readonly string[];
  /**
   * Bytes of labels before the pixels of each image, the last of which is the class: 1 as in CIFAR-10, 2 (coarse and fine) as in
   * CIFAR-100.
   * @default 1
   */
  labelBytes?: number;
  /**
   * Number of classes.
   * @default the number of `classNames`, or the largest label + 1
   */
  classes?: number;
  /** Names of the classes, in the order of their labels. */
  classNames?: readonly string[];
}

/**
 * A set of any size from files in the binary layout of CIFAR-10 and CIFAR-100, which stay on disk. Only labels are read ahead.
 *
 * ```ts
 * const set = await datasets.fromCifarFiles({ files: ['data_batch_1.bin', 'data_batch_2.bin'] });
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when a file is missing or damaged
 */
export async function fromCifarFiles(options: FromCifarFilesOptions): Promise<StreamedDataset> {
  checkOptions(WHO, options, ['files', 'labelBytes', 'classes', 'classNames', 'readAhead']);
  const { files: paths, classes, classNames, labelBytes = 1 } = options;
  const readAhead = checkReadAhead(WHO, options.readAhead);
  checkInteger(WHO, 'labelBytes', labelBytes, 1);
  const isPath = (path: unknown) => typeof path === 'string' && path !== '';
  if (!Array.isArray(paths) || paths.length === 0 || ![...paths].every(isPath)) {
    throw new InvalidArgumentError(
      `${WHO}: expected a non-empty array of paths for files, received ${describe(paths)}.`,
    );
  }
  const files: RowFile[] = [];
  const parts: Uint8Array[] = [];
  // Where they are now, wherever the process will be when samples are read.
  for (const path of paths.map((given) => resolve(given))) {
    const stride = labelBytes + PIXELS;
    const rows = await countRows(path, stride);
    files.push({ path, rows, start: labelBytes, stride, rowBytes: PIXELS, swapped: false });
    parts.push(await readLabels({ path, rows, start: labelBytes - 1, stride, rowBytes: 1, swapped: false }));
  }
  const labels = new Int32Array(parts.reduce((sum, { length }) => sum + length, 0));
  let next = 0;
  for (const part of parts) {
    labels.set(part, next);
    next += part.length;
  }
  return new StreamedDataset({
    shape: SHAPE,
    classes: toClasses(WHO, { labels, classes, classNames }),
    element: 'uint8',
    readAhead,
    read: rowReader(files),
  });
}

async function countRows(path: string, stride: number): Promise<number> {
  const stats = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'no file of that name' : error.message;
    throw new DataError(`${path}: expected a readable file, received ${reason}.`, { cause: error });
  });
  if (stats.isFile() && stats.size > 0 && stats.size % stride === 0) return stats.size / stride;
  throw new DataError(
    `${path}: expected a file of a multiple of ${stride} bytes (labels and ${PIXELS} pixels an image), received ` +
      `${stats.isFile() ? `${stats.size} bytes` : 'a folder or a device'}. Unpack archives first.`,
  );
}

async function readLabels(file: RowFile): Promise<Uint8Array> {
  const labels = new Uint8Array(file.rows);
  for (let first = 0; first < file.rows; first += LABELS_AT_ONCE) {
    const part = labels.subarray(first, first + LABELS_AT_ONCE);
    await readRows(
      file,
      0,
      Int32Array.from(part, (_, i) => first + i),
      part,
    );
  }
  return labels;
}
