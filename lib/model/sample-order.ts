import { inOrder } from '../util/permutation.js';

/** Indices of the samples of an epoch, counted from 0, in the order of their use. */
export interface SampleOrder {
  readonly length: number;
  /** Those from one place up to another. */
  subarray(begin: number, end: number): Int32Array;
}

/** Samples as they come. Their indices are made when they are asked for: a stream may be longer than memory. */
export function countedOrder(length: number): SampleOrder {
  return { length, subarray: (begin, end) => inOrder(end - begin, begin) };
}
