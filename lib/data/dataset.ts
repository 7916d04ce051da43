/** Images and labels held in memory. Pixels stay as they are until the first call of a training step. */
export interface Dataset {
  /** All samples one after another, each laid out as `shape` says (NCHW as a whole). */
  readonly images: Uint8Array | Float32Array;
  /** The class of each sample, from 0 to `classes - 1`. */
  readonly labels: Int32Array;
  /** Shape of one sample: `[C, H, W]`, or `[features]` for networks of dense layers only. */
  readonly shape: readonly number[];
  /** Number of samples. */
  readonly size: number;
  /** Number of classes. */
  readonly classes: number;
  /** Names of the classes, in the order of their labels. */
  readonly classNames?: readonly string[];
}

/** Samples of several parts, one for each input of a model, held in memory. Sample i is the i-th of every part. */
export interface MultiInputDataset extends Omit<Dataset, 'images' | 'shape'> {
  /** One array for each part, of samples one after another. */
  readonly images: readonly (Uint8Array | Float32Array)[];
  /** Shape of one sample of each part. */
  readonly shape: readonly (readonly number[])[];
}

/** What one input of a model reads of every sample. */
export interface DatasetPart {
  readonly images: Uint8Array | Float32Array;
  readonly shape: readonly number[];
}

/** The parts of a dataset: of an ordinary one, itself. */
export function partsOf({ images, shape }: Dataset | MultiInputDataset): DatasetPart[] {
  if (!Array.isArray(images)) return [{ images, shape } as DatasetPart];
  const length = Math.max(images.length, shape.length);
  return Array.from({ length }, (_, i) => ({ images: images[i], shape: shape[i] }) as DatasetPart);
}

/** A set as published: one part to learn from, one to measure with. */
export interface DatasetSplit {
  readonly train: Dataset;
  readonly test: Dataset;
}
