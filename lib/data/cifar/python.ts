import { DataError } from '../../errors/index.js';
import { sameShape } from '../../util/shape.js';
import { unpickle } from '../pickle/unpickle.js';
import { kindOf, NumpyArray, type PickleDict, type PickleValue, textOf } from '../pickle/values.js';
import { type CifarBatch, type CifarLabels, type CifarSet, PIXELS } from './set.js';

const MOST_NAME_BYTES = 1000;
/** Shapes of an image: its planes of red, green and blue, flat as they are published, or as planes. */
const IMAGES = [[PIXELS], [3, 32, 32]];
const WAY_OUT = 'The file is damaged or of another set: fetch it again.';

/**
 * Reads a file of the Python version: a pickled dict of `data`, the pixels as a numpy array `[images, 3072]` of uint8,
 * and of lists of labels. Nothing in the file is run.
 *
 * @param path names the file in messages
 * @throws DataError naming the file, what was expected there and what was found
 */
export function readPythonBatch(path: string, bytes: Uint8Array, set: CifarSet, wanted: CifarLabels): CifarBatch {
  const dict = readDict(path, bytes);
  const isOther = set.labels.length === 1 ? dict.has('fine_labels') : dict.has('labels');
  if (isOther) {
    throw new DataError(
      `${path}: expected a batch of ${set.title}, received one of ${set.name === 'cifar10' ? 'CIFAR-100' : 'CIFAR-10'}. ` +
        `Fetch ${set.formats.find(({ name }) => name === 'python')?.archive}.`,
    );
  }
  const images = pixelsOf(path, dict.get('data'));
  const labels = labelsOf(path, dict.get(wanted.key), images.length / PIXELS, wanted);
  return { images, labels };
}

/** Reads a file such as `batches.meta`: a pickled dict with lists of the names of classes. */
export function readPythonMeta(path: string, bytes: Uint8Array, wanted: CifarLabels): readonly string[] {
  const names = readDict(path, bytes).get(wanted.namesKey);
  const isName = (name: PickleValue) =>
    (typeof name === 'string' || name instanceof Uint8Array) && name.length > 0 && name.length <= MOST_NAME_BYTES;
  if (Array.isArray(names) && names.length === wanted.classes && names.every(isName)) {
    return names.map((name) => textOf(name) as string);
  }
  throw new DataError(
    `${path}: expected the names of ${wanted.classes} classes for '${wanted.namesKey}', received ${kindOf(names)}. ${WAY_OUT}`,
  );
}

function readDict(path: string, bytes: Uint8Array): PickleDict {
  const value = unpickle(path, bytes);
  if (value instanceof Map) return value;
  throw new DataError(`${path}: expected a pickled dict, received ${kindOf(value)}. ${WAY_OUT}`);
}

function pixelsOf(path: string, value: PickleValue | undefined): Uint8Array {
  if (value instanceof NumpyArray && value.data instanceof Uint8Array) {
    const [size = 0, ...image] = value.shape;
    if (size > 0 && IMAGES.some((shape) => sameShape(shape, image))) return value.data;
  }
  const type = value instanceof NumpyArray ? ` of ${value.data.constructor.name}` : '';
  throw new DataError(
    `${path}: expected a numpy array [images, ${PIXELS}] of uint8 for 'data', received ${kindOf(value)}${type}. ${WAY_OUT}`,
  );
}

function labelsOf(
  path: string,
  value: PickleValue | undefined,
  size: number,
  { key, classes }: CifarLabels,
): Int32Array {
  const list: ArrayLike<unknown> | undefined =
    value instanceof NumpyArray ? value.data : Array.isArray(value) ? value : undefined;
  if (list?.length !== size) {
    const received = list === undefined ? kindOf(value) : String(list.length);
    throw new DataError(
      `${path}: expected ${size} integers for '${key}', one for each image in 'data', received ${received}. ${WAY_OUT}`,
    );
  }
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const label = typeof list[i] === 'bigint' ? Number(list[i]) : list[i];
    if (!Number.isInteger(label) || (label as number) < 0 || (label as number) >= classes) {
      throw new DataError(
        `${path}: expected integers from 0 to ${classes - 1} in '${key}', received ${received(label)} for image ${i}. ` +
          WAY_OUT,
      );
    }
    labels[i] = label as number;
  }
  return labels;
}

function received(label: unknown): string {
  return typeof label === 'number' ? String(label) : kindOf(label as PickleValue);
}
