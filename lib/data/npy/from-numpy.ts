import { DataError, InvalidArgumentError, ShapeError } from '../../errors/index.js';
import { BYTES_FORM, parseBytes } from '../../util/bytes.js';
import { checkChoice, checkText } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { formatShape } from '../../util/shape.js';
import type { Zip } from '../archive/zip.js';
import type { Dataset, TargetDataset } from '../dataset.js';
import { type ChunkedFile, openChunks } from '../file-chunks.js';
import { fromArrays } from '../from-arrays.js';
import { arrange } from './arrange.js';
import { type NpyArray, readNpy } from './read.js';

const WHO = 'datasets.fromNumpy';
const OPTIONS = ['file', 'images', 'labels', 'targets', 'layout', 'classes', 'classNames', 'memoryLimit'];

/** Options of `datasets.fromNumpy`. */
export interface FromNumpyOptions {
  /**
   * Path of an `.npz` file, of which `images`, `labels` and `targets` then name arrays.
   * @default none: they are paths of `.npy` files, plain or gzip
   */
  file?: string | undefined;
  /**
   * Array of the images: `[N, C, H, W]` or `[N, H, W, C]` by `layout`, `[N, H, W]` for grey ones, `[N, features]`. uint8 and bool
   * stay bytes; float64 and other integers become float32.
   */
  images: string;
  /** Array of the labels, `[N]` or `[N, 1]` of integers from 0. */
  labels?: string | undefined;
  /**
   * Array of the targets, `[N, ...]`, in place of labels or beside them. Their axes stay as they are, whatever `layout` says: masks
   * `[N, H, W, 1]` are to be saved as `[N, 1, H, W]`.
   */
  targets?: string | undefined;
  /**
   * Order of the axes of four-dimensional images: `'NHWC'` (channels last, as in Keras and picture files) is brought into
   * `'NCHW'`.
   * @default 'NCHW'
   */
  layout?: 'NCHW' | 'NHWC' | undefined;
  /**
   * Number of classes.
   * @default the number of `classNames`, or the largest label + 1
   */
  classes?: number | undefined;
  /** Names of the classes, in the order of their labels. */
  classNames?: readonly string[] | undefined;
  /**
   * Refuse arrays of more bytes than this, in bytes or such as `'4GiB'`, however small they are packed.
   * @default '2GiB'
   */
  memoryLimit?: number | string | undefined;
}

/** The same with targets in place of labels. */
export interface FromNumpyTargetsOptions extends Omit<FromNumpyOptions, 'labels' | 'classes' | 'classNames'> {
  targets: string;
  labels?: undefined;
}

/**
 * A dataset from arrays that numpy saved, `.npy` files or those of an `.npz` file (stored or compressed): numbers of any
 * byte order, rows or columns first. Nothing in the files is run: arrays of objects are refused.
 *
 * ```ts
 * const train = await datasets.fromNumpy({ file: 'mnist.npz', images: 'x_train', labels: 'y_train' });
 * const photos = await datasets.fromNumpy({ images: 'photos.npy', labels: 'kinds.npy', layout: 'NHWC' });
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws ShapeError when the arrays have not the shapes named above, or do not belong together
 * @throws DataError when a file is missing, damaged or too large, a value not finite, or a label not a class
 */
export async function fromNumpy(options: FromNumpyTargetsOptions): Promise<TargetDataset>;
export async function fromNumpy(options: FromNumpyOptions & { labels: string }): Promise<Dataset>;
export async function fromNumpy(options: FromNumpyOptions | FromNumpyTargetsOptions): Promise<Dataset | TargetDataset> {
  checkOptions(WHO, options, OPTIONS);
  const {
    file,
    images,
    labels,
    targets,
    layout = 'NCHW',
    classes,
    classNames,
    memoryLimit = '2GiB',
  } = options as FromNumpyOptions;
  checkText(WHO, 'images', images);
  for (const [name, value] of Object.entries({ file, labels, targets })) {
    if (value !== undefined) checkText(WHO, name, value);
  }
  if (labels === undefined && targets === undefined) {
    throw new InvalidArgumentError(`${WHO}: expected the array of the labels or of the targets, received neither.`);
  }
  checkChoice(WHO, 'layout', layout, ['NCHW', 'NHWC']);
  const most = parseBytes(memoryLimit);
  if (most === undefined) {
    throw new InvalidArgumentError(
      `${WHO}: expected ${BYTES_FORM} for memoryLimit, received ${describe(memoryLimit)}.`,
    );
  }

  const arrays = await readArrays(file, { images, labels, targets }, most);
  const samples = await toImages(arrays.images as NpyArray, layout);
  return fromArrays({
    images: samples.images,
    shape: samples.shape,
    ...(arrays.labels && { labels: await toLabels(arrays.labels, samples.size) }),
    ...(arrays.targets && (await toTargets(arrays.targets, samples.size))),
    ...(classes !== undefined && { classes }),
    ...(classNames !== undefined && { classNames }),
  } as Parameters<typeof fromArrays>[0] & { labels: Int32Array });
}

type Names = Readonly<Record<'images' | 'labels' | 'targets', string | undefined>>;
type Arrays = Partial<Record<keyof Names, NpyArray>>;

async function readArrays(file: string | undefined, names: Names, most: number): Promise<Arrays> {
  // Loaded at its first use: most programs read no zip files.
  const zip = file === undefined ? undefined : await (await import('../archive/zip.js')).Zip.open(file);
  try {
    const arrays: Arrays = {};
    for (const use of ['images', 'labels', 'targets'] as const) {
      const name = names[use];
      if (name === undefined) continue;
      arrays[use] = await readNpy(zip ? entryOf(zip, use, name) : await openChunks(name), most);
    }
    return arrays;
  } finally {
    zip?.close();
  }
}

function entryOf(zip: Zip, use: string, name: string): ChunkedFile {
  const path = zip.paths.find((entry) => entry === `${name}.npy` || entry === name);
  if (path !== undefined) return zip.file(path);
  const names = zip.paths.map((entry) => entry.replace(/\.npy$/, ''));
  throw new DataError(
    `${zip.path}: expected an array named ${describe(name)} for ${use}, received ` +
      `${names.length === 0 ? 'none at all' : names.slice(0, 20).join(', ')}.`,
  );
}

interface Samples {
  readonly images: Uint8Array | Float32Array;
  readonly shape: readonly number[];
  readonly size: number;
}

async function toImages(array: NpyArray, layout: 'NCHW' | 'NHWC'): Promise<Samples> {
  const rank = array.shape.length;
  if (rank < 2 || rank > 4 || array.bytes.length === 0) {
    const four = layout === 'NHWC' ? '[N, H, W, C]' : '[N, C, H, W]';
    throw new ShapeError(
      `${array.path}: expected images ${four}, [N, H, W] or [N, features], at least one, received ${formatShape(array.shape)}.`,
    );
  }
  const { data, shape } = await arrange(array, layout === 'NHWC' && rank === 4 ? [0, 3, 1, 2] : undefined);
  const [size = 0, ...sample] = shape;
  const images = data instanceof Uint8Array ? data : toFloats(array, data);
  return { images, shape: rank === 3 ? [1, ...sample] : sample, size };
}

async function toTargets(array: NpyArray, size: number) {
  const { data, shape } = await arrange(array);
  const [count, ...targetShape] = shape;
  if (count !== size) throw unequal(array, 'targets', size);
  return { targets: toFloats(array, data), targetShape: targetShape.length === 0 ? [1] : targetShape };
}

async function toLabels(array: NpyArray, size: number): Promise<Int32Array> {
  const { data, shape } = await arrange(array);
  if (shape[0] !== size || data.length !== size) throw unequal(array, 'labels', size);
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new DataError(
      `${array.path}: expected labels of an integer dtype, received ${array.type}. Save them with astype('int32'), or give ` +
        'numbers to come close to as targets.',
    );
  }
  const labels = data instanceof Int32Array ? data : new Int32Array(size);
  for (let i = 0; i < size; i++) {
    const label = Number(data[i]);
    if (label < 0 || label > 0x7fffffff) {
      throw new DataError(`${array.path}: expected class numbers from 0, received ${data[i]} for sample ${i}.`);
    }
    labels[i] = label;
  }
  return labels;
}

function unequal(array: NpyArray, what: string, size: number): ShapeError {
  return new ShapeError(
    `${array.path}: expected ${what} of ${size} samples, as many as there are images, received ${formatShape(array.shape)}. ` +
      'The arrays do not belong together.',
  );
}

/** Numbers as float32, which must be finite. */
function toFloats(array: NpyArray, data: Awaited<ReturnType<typeof arrange>>['data']): Float32Array {
  const floats =
    data instanceof Float32Array
      ? data
      : data instanceof BigInt64Array || data instanceof BigUint64Array
        ? Float32Array.from(data, Number)
        : new Float32Array(data);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad === -1) return floats;
  throw new DataError(
    `${array.path}: expected finite numbers within float32, received ${data[bad]} at index ${bad}. Replace such values ` +
      'or leave their samples out.',
  );
}
