import { DataError } from '../../errors/index.js';
import { unpickle } from '../pickle/unpickle.js';
import { kindOf, NumpyArray, type PickleDict, type PickleValue, textOf } from '../pickle/values.js';
import { readWhole } from '../read-whole.js';
import { type Cifar10Batch, CLASSES, MOST_BYTES, PIXELS } from './batch.js';

const MOST_META_BYTES = 2 ** 20;
const MOST_NAME_BYTES = 1000;
const WAY_OUT = 'The file is damaged or of another set: fetch it again.';

/**
 * Reads a file of the Python version: a pickled dict of `data`, the pixels as a numpy array `[images, 3072]` of uint8,
 * and `labels`. Nothing in the file is run.
 *
 * @throws DataError naming the file, what was expected there and what was found
 */
export async function readPythonBatch(path: string): Promise<Cifar10Batch> {
  const dict = await readDict(path, MOST_BYTES);
  if (dict.has('fine_labels')) {
    throw new DataError(
      `${path}: expected a batch of CIFAR-10, received one of CIFAR-100. Fetch cifar-10-python.tar.gz.`,
    );
  }
  const images = pixelsOf(path, dict.get('data'));
  const labels = labelsOf(path, dict.get('labels'), images.length / PIXELS);
  return { images, labels };
}

/** Reads `batches.meta`: a pickled dict with the names of the classes as `label_names`. */
export async function readPythonMeta(path: string): Promise<readonly string[]> {
  const names = (await readDict(path, MOST_META_BYTES)).get('label_names');
  const isName = (name: PickleValue) =>
    (typeof name === 'string' || name instanceof Uint8Array) && name.length > 0 && name.length <= MOST_NAME_BYTES;
  if (Array.isArray(names) && names.length === CLASSES && names.every(isName)) {
    return names.map((name) => textOf(name) as string);
  }
  throw new DataError(
    `${path}: expected the names of ${CLASSES} classes for 'label_names', received ${kindOf(names)}. ${WAY_OUT}`,
  );
}

async function readDict(path: string, mostBytes: number): Promise<PickleDict> {
  const value = unpickle(path, await readWhole(path, mostBytes));
  if (value instanceof Map) return value;
  throw new DataError(`${path}: expected a pickled dict, received ${kindOf(value)}. ${WAY_OUT}`);
}

function pixelsOf(path: string, value: PickleValue | undefined): Uint8Array {
  if (value instanceof NumpyArray && value.data instanceof Uint8Array) {
    const [size = 0, ...rest] = value.shape;
    const perImage = rest.reduce((product, length) => product * length, 1);
    if (size > 0 && rest.length > 0 && perImage === PIXELS) return value.data;
  }
  const type = value instanceof NumpyArray ? ` of ${value.data.constructor.name}` : '';
  throw new DataError(
    `${path}: expected a numpy array [images, ${PIXELS}] of uint8 for 'data', received ${kindOf(value)}${type}. ${WAY_OUT}`,
  );
}

function labelsOf(path: string, value: PickleValue | undefined, size: number): Int32Array {
  const list: ArrayLike<unknown> | undefined =
    value instanceof NumpyArray ? value.data : Array.isArray(value) ? value : undefined;
  if (list?.length !== size) {
    const received = list === undefined ? kindOf(value) : String(list.length);
    throw new DataError(
      `${path}: expected ${size} integers for 'labels', one for each image in 'data', received ${received}. ${WAY_OUT}`,
    );
  }
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const label = typeof list[i] === 'bigint' ? Number(list[i]) : list[i];
    if (!Number.isInteger(label) || (label as number) < 0 || (label as number) >= CLASSES) {
      throw new DataError(
        `${path}: expected integers from 0 to ${CLASSES - 1} in 'labels', received ${received(label)} for image ${i}. ` +
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
