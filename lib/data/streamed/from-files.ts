import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { DataError, InvalidArgumentError } from '../../errors/index.js';
import { checkText } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { formatShape, type Shape, sizeOf } from '../../util/shape.js';
import { type ArrayFile, ELEMENT_BYTES, openArrayFile } from './array-file.js';
import { toClasses } from './classes.js';
import { rowReader } from './row-files.js';
import { checkReadAhead, checkSampleShape, type ReadAheadOptions, StreamedDataset } from './streamed-dataset.js';

const WHO = 'datasets.fromFiles';
/** Labels are held in memory. */
const MOST_LABEL_BYTES = 2 ** 31 - 1;

export interface FromFilesOptions extends ReadAheadOptions {
  /**
   * Path of an IDX or npy file of samples, uint8 (or bool) or float32, not packed: dimensions `[N, H, W]`, `[N, C, H, W]` or
   * `[N, features]`.
   */
  images: string;
  /** Path of an IDX or npy file of integers, `[N]` or `[N, 1]`, or the labels themselves. */
  labels: string | Int32Array | Uint8Array | readonly number[];
  /**
   * Shape of one sample, of as many elements as the file's.
   * @default the file's, an image of one channel where it has three dimensions
   */
  shape?: readonly number[];
  /**
   * Number of classes.
   * @default the number of `classNames`, or the largest label + 1
   */
  classes?: number;
  /** Names of the classes, in the order of their labels. */
  classNames?: readonly string[];
}

/**
 * A set of any size from an IDX or npy file, which stays on disk: samples are read by their positions when they are needed.
 *
 * ```ts
 * const set = await datasets.fromFiles({ images: 'train-images.npy', labels: 'train-labels.npy' });
 * await model.fit(set, { epochs: 3 });
 * ```
 *
 * The file must not change while the set is in use.
 *
 * @throws InvalidArgumentError or ShapeError when an option is not what it should be
 * @throws DataError when a file is missing, damaged, packed or does not fit the other
 */
export async function fromFiles(options: FromFilesOptions): Promise<StreamedDataset> {
  checkOptions(WHO, options, ['images', 'labels', 'shape', 'classes', 'classNames', 'readAhead']);
  const { classes, classNames } = options;
  const readAhead = checkReadAhead(WHO, options.readAhead);
  // Where they are now, wherever the process will be when samples are read.
  const given = typeof options.labels === 'string' ? resolve(options.labels) : options.labels;
  const images = await openArrayFile(resolve(checkText(WHO, 'images', options.images)));
  const { path, element, shape, start, swapped } = images;
  if (element !== 'uint8' && element !== 'float32') {
    throw new DataError(`${path}: expected elements of uint8 or float32, received ${element}. Convert the file.`);
  }
  const labels = typeof given === 'string' ? await readLabels(given) : given;
  const known = toClasses(typeof given === 'string' ? given : WHO, { labels, classes, classNames });
  const rows = shape[0] as number;
  if (known.labels.length !== rows) {
    const place = typeof given === 'string' ? given : `${WHO} labels`;
    throw new DataError(
      `${place}: expected ${rows} labels, as many as there are samples in ${path}, received ${known.labels.length}.`,
    );
  }
  const rowBytes = ELEMENT_BYTES[element] * sizeOf(shape.slice(1));
  return new StreamedDataset({
    shape: sampleShape(images, options.shape),
    classes: known,
    element,
    readAhead,
    read: rowReader([{ path, rows, start, stride: rowBytes, rowBytes, swapped }]),
  });
}

function sampleShape({ path, shape }: ArrayFile, wanted: unknown): Shape {
  const own = shape.slice(1);
  if (wanted !== undefined) {
    const given = checkSampleShape(WHO, wanted);
    if (sizeOf(given) === sizeOf(own)) return given;
    throw new InvalidArgumentError(
      `${WHO}: expected a shape of ${sizeOf(own)} elements, as each sample of ${path} has, received ${formatShape(given)}.`,
    );
  }
  if (own.length === 0 || own.length > 3) {
    throw new DataError(
      `${path}: expected 2 to 4 dimensions (samples, then features, rows and columns, or channels, rows and columns), ` +
        `received ${formatShape(shape)}. Is this the file of images? Give a shape for others.`,
    );
  }
  return own.length === 2 ? [1, ...own] : own;
}

async function readLabels(path: string): Promise<Int32Array> {
  const { element, shape, start, swapped } = await openArrayFile(path);
  const bytes = ELEMENT_BYTES[element] * sizeOf(shape);
  const isList = shape.length === 1 || (shape.length === 2 && shape[1] === 1);
  if (!isList || element.startsWith('float') || start + bytes > MOST_LABEL_BYTES) {
    throw new DataError(
      `${path}: expected integers of one dimension, received ${element} ${formatShape(shape)}. Is this the file of labels?`,
    );
  }
  const data = (await readFile(path)).subarray(start);
  if (data.length !== bytes)
    throw new DataError(`${path}: expected ${bytes} bytes of labels, received ${data.length}.`);
  // A copy, aligned for its elements.
  const own = Buffer.from(new Uint8Array(data).buffer);
  if (swapped) {
    if (ELEMENT_BYTES[element] === 2) own.swap16();
    if (ELEMENT_BYTES[element] === 4) own.swap32();
    if (ELEMENT_BYTES[element] === 8) own.swap64();
  }
  const values = viewOf(element, own.buffer);
  const labels = Int32Array.from(values as ArrayLike<number>, Number);
  const wrong = labels.findIndex((label, i) => label < 0 || label !== Number(values[i]));
  if (wrong < 0) return labels;
  throw new DataError(
    `${path}: expected labels from 0, received ${String(values[wrong])} at byte ${start + wrong * ELEMENT_BYTES[element]} ` +
      `(label ${wrong}). The file is damaged or belongs to another set.`,
  );
}

function viewOf(element: ArrayFile['element'], buffer: ArrayBuffer) {
  if (element === 'uint8') return new Uint8Array(buffer);
  if (element === 'int8') return new Int8Array(buffer);
  if (element === 'int16') return new Int16Array(buffer);
  if (element === 'uint16') return new Uint16Array(buffer);
  if (element === 'uint32') return new Uint32Array(buffer);
  if (element === 'int64') return new BigInt64Array(buffer);
  if (element === 'uint64') return new BigUint64Array(buffer);
  return new Int32Array(buffer);
}
