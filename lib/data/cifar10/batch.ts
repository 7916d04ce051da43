/** Shape of one image: planes of red, green and blue. */
export const SHAPE = [3, 32, 32] as const;
export const PIXELS = 3 * 32 * 32;
export const CLASSES = 10;

/** Refuses what cannot be one of the files, which are of 31 MB each: also the most that is read into memory. */
export const MOST_BYTES = 2 ** 28;

/** The images and labels of one file. */
export interface Cifar10Batch {
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}
