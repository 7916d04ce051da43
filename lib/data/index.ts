import { digits } from './digits/digits.js';
import { fromArrays } from './from-arrays.js';
import { mnist } from './mnist.js';
import { oneHot } from './one-hot.js';

/** Sets by name, and sets from a user's own arrays. */
export const datasets = { mnist, digits, fromArrays, oneHot } as const;

export type {
  AnyDataset,
  Dataset,
  DatasetSplit,
  MultiInputDataset,
  MultiInputTargetDataset,
  TargetDataset,
} from './dataset.js';
export type { DigitsOptions } from './digits/digits.js';
export type { DownloadProgress } from './download.js';
export type {
  FromArraysOptions,
  FromSeveralArraysOptions,
  FromSeveralTargetsOptions,
  FromTargetsOptions,
} from './from-arrays-options.js';
export type { MnistOptions } from './mnist.js';
export type { OneHotOptions } from './one-hot.js';
