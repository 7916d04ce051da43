import { cifar10 } from './cifar10/cifar10.js';
import { digits } from './digits/digits.js';
import { fashionMnist } from './fashion-mnist.js';
import { fromArrays } from './from-arrays.js';
import { mnist } from './mnist.js';
import { oneHot } from './one-hot.js';
import { concatenate } from './pipeline/concatenate.js';
import { map } from './pipeline/map.js';
import { repeat } from './pipeline/repeat.js';
import { split } from './pipeline/split.js';
import { subset } from './pipeline/subset.js';

/** Sets by name, and sets from a user's own arrays. */
export const datasets = {
  mnist,
  fashionMnist,
  cifar10,
  digits,
  fromArrays,
  oneHot,
  ...{ split, subset, repeat, concatenate, map },
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
export type { MapOptions, MapSample } from './pipeline/map.js';
export type { SplitOptions } from './pipeline/split.js';
export type { SubsetOptions } from './pipeline/subset.js';
