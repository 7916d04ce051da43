import { DataError } from '../errors/index.js';
import type { Dataset } from './dataset.js';
import type { IdxArray } from './idx.js';
import { readIdx } from './idx.js';

export interface IdxDatasetSource {
  /** Path of the file of images: dimensions `[N, H, W]`, `[N, C, H, W]` or `[N, features]`. */
  readonly images: string;
  /** Path of the file of labels: dimensions `[N]`. */
  readonly labels: string;
  /** Number of classes; every label must be below it. */
  readonly classes: number;
  readonly classNames?: readonly string[];
  /** What one sample must be. Any shape will do when left out. */
  readonly shape?: readonly number[];
}

/**
 * A dataset from a pair of IDX files.
 *
 * @throws DataError when a file is not what it should be, naming file, byte, expectation and what was found
 */
export async function readIdxDataset(source: IdxDatasetSource): Promise<Dataset> {
  const [images, labels] = await Promise.all([readIdx(source.images), readIdx(source.labels)]);
  const shape = sampleShape(images, source.shape);
  const size = images.shape[0] as number;
  checkRank(labels);
  if (labels.shape[0] !== size) {
    throw new DataError(
      `${labels.path}: expected ${size} labels at byte 4, as many as there are images in ${images.path}, ` +
        `received ${String(labels.shape[0])}. The two files do not belong together.`,
    );
  }
  return {
    images: toPixels(images),
    labels: toLabels(labels, source.classes),
    shape,
    size,
    classes: source.classes,
    ...(source.classNames && { classNames: source.classNames }),
  };
}

function sampleShape(images: IdxArray, expected: readonly number[] | undefined): readonly number[] {
  const rank = images.shape.length;
  if (rank < 2 || rank > 4) {
    throw new DataError(
      `${images.path}: expected 2 to 4 dimensions at byte 3 (samples, then features, rows and columns, or channels, ` +
        `rows and columns), received ${rank}. Is this the file of images?`,
    );
  }
  const sample = images.shape.slice(1);
  const shape = rank === 3 ? [1, ...sample] : sample;
  if (expected !== undefined && shape.join() !== expected.join()) {
    throw new DataError(
      `${images.path}: expected images of shape [${expected.join(', ')}] at byte 8, received [${shape.join(', ')}]. ` +
        'Is this the file of another set?',
    );
  }
  return shape;
}

function checkRank(labels: IdxArray): void {
  if (labels.shape.length !== 1) {
    throw new DataError(
      `${labels.path}: expected 1 dimension at byte 3, received ${labels.shape.length}. Is this the file of labels?`,
    );
  }
}

function toPixels({ path, data, dataOffset }: IdxArray): Uint8Array | Float32Array {
  if (data instanceof Uint8Array) return data;
  if (!(data instanceof Float32Array)) {
    throw new DataError(
      `${path}: expected elements of type 0x08 (uint8) or 0x0d (float32) at byte 2, received ${data.constructor.name}. ` +
        'Convert the file, or read it yourself and use datasets.fromArrays.',
    );
  }
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    throw new DataError(
      `${path}: expected a finite number at byte ${dataOffset + 4 * bad}, received ${String(data[bad])}. ` +
        'Replace such values or leave their samples out.',
    );
  }
  return data;
}

function toLabels({ path, data, dataOffset }: IdxArray, classes: number): Int32Array {
  if (data instanceof Float32Array || data instanceof Float64Array) {
    throw new DataError(
      `${path}: expected labels of an integer type at byte 2, received ${data.constructor.name}. ` +
        'Is this the file of labels?',
    );
  }
  const labels = data instanceof Int32Array ? data : Int32Array.from(data);
  const bad = labels.findIndex((label) => label < 0 || label >= classes);
  if (bad !== -1) {
    throw new DataError(
      `${path}: expected a label from 0 to ${classes - 1} at byte ${dataOffset + bad * data.BYTES_PER_ELEMENT}, ` +
        `received ${String(labels[bad])} (label ${bad}). The file is damaged or belongs to another set.`,
    );
  }
  return labels;
}
