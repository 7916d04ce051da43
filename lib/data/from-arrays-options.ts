/** Options of `datasets.fromArrays`. */
export interface FromArraysOptions {
  /**
   * All pixels, sample after sample. A `Uint8Array` (0 to 255) or `Float32Array` is kept as it is, not copied; numbers
   * become a `Float32Array` and must be finite. Not to be written to once the set is in use: native code has a copy, made at
   * the first use, and other pixels need another set.
   */
  images: Uint8Array | Float32Array | readonly number[];
  /** The class of each sample: integers from 0. An `Int32Array` is kept, anything else is copied into one. */
  labels: Int32Array | Uint8Array | readonly number[];
  /** Shape of one sample: `[C, H, W]`, or `[features]` for networks of dense layers only. */
  shape: readonly number[];
  /**
   * Number of classes.
   * @default the number of `classNames`, or the largest label + 1
   */
  classes?: number | undefined;
  /** Names of the classes, in the order of their labels. */
  classNames?: readonly string[] | undefined;
  /**
   * What the model's output shall be, sample after sample: for losses that compare with numbers or distributions. A
   * `Float32Array` is kept as it is, numbers become one; all must be finite.
   */
  targets?: Float32Array | readonly number[] | undefined;
  /**
   * Shape of one sample's targets: that of the model's output.
   * @default [targets of a sample]
   */
  targetShape?: readonly number[] | undefined;
  /**
   * What the loss of each sample is multiplied by: finite numbers from 0, which leaves a sample out.
   * @default 1 for each
   */
  weights?: Float32Array | readonly number[] | undefined;
}

/** The same with targets in place of labels. */
export interface FromTargetsOptions extends Omit<FromArraysOptions, 'labels' | 'classes' | 'classNames'> {
  targets: Float32Array | readonly number[];
  labels?: undefined;
}

/** With targets, for models with several inputs. */
export interface FromSeveralTargetsOptions extends Omit<FromTargetsOptions, 'images' | 'shape'> {
  images: readonly FromArraysOptions['images'][];
  shape: readonly (readonly number[])[];
}

/** The same for models with several inputs: an entry of `images` and of `shape` for each. */
export interface FromSeveralArraysOptions extends Omit<FromArraysOptions, 'images' | 'shape'> {
  images: readonly FromArraysOptions['images'][];
  shape: readonly (readonly number[])[];
}
