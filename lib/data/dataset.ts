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

/** A set as published: one part to learn from, one to measure with. */
export interface DatasetSplit {
  readonly train: Dataset;
  readonly test: Dataset;
}
