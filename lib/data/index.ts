import { cifar10 } from './cifar10/cifar10.js';
import { digits } from './digits/digits.js';
import { fashionMnist } from './fashion-mnist.js';
import { fromArrays } from './from-arrays.js';
import { mnist } from './mnist.js';
import { oneHot } from './one-hot.js';
import { streamedDatasets } from './streamed/index.js';

/** Sets by name, and sets from a user's own arrays. */
export const datasets = {
  mnist,
  fashionMnist,
  cifar10,
  digits,
  fromArrays,
  oneHot,
  ...streamedDatasets,
} as const;

export type { Cifar10FilesOptions, Cifar10Options, Cifar10PartOptions } from './cifar10/cifar10.js';
export type { Cifar10FormatName } from './cifar10/formats.js';
export type {
  AnyDataset,
  Dataset,
  DatasetSplit,
  MultiInputDataset,
  MultiInputTargetDataset,
  TargetDataset,
  TrainingData,
} from './dataset.js';
export type { DigitsOptions } from './digits/digits.js';
export type { DownloadProgress } from './download.js';
export type { FashionMnistOptions } from './fashion-mnist.js';
export type {
  FromArraysOptions,
  FromSeveralArraysOptions,
  FromSeveralTargetsOptions,
  FromTargetsOptions,
} from './from-arrays-options.js';
export { type GridOptions, images, type Picture, type ReadPictureOptions } from './images/index.js';
export type { MnistOptions } from './mnist.js';
export type { OneHotOptions } from './one-hot.js';
export type * from './streamed/index.js';
