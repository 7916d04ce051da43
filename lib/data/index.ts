import { CATALOG } from './catalog.js';
import { cifar10 } from './cifar/cifar10.js';
import { cifar100 } from './cifar/cifar100.js';
import { digits } from './digits/digits.js';
import { fashionMnist } from './fashion-mnist.js';
import { fromArrays } from './from-arrays.js';
import { loadSet } from './load-set.js';
import { mnist } from './mnist.js';
import { fromNumpy } from './npy/from-numpy.js';
import { oneHot } from './one-hot.js';
import { concatenate } from './pipeline/concatenate.js';
import { map } from './pipeline/map.js';
import { repeat } from './pipeline/repeat.js';
import { split } from './pipeline/split.js';
import { subset } from './pipeline/subset.js';
import { streamedDatasets } from './streamed/index.js';

/**
 * Sets by name, and sets from a user's own arrays.
 *
 * @namespace
 */
export const datasets = {
  mnist,
  fashionMnist,
  cifar10,
  cifar100,
  digits,
  load: loadSet,
  /** What there is to know of the sets that go by a name: title, shape, classes, numbers of samples, mean and deviation. */
  catalog: CATALOG,
  fromArrays,
  fromNumpy,
  oneHot,
  ...{ split, subset, repeat, concatenate, map },
  ...streamedDatasets,
} as const;

export type { CatalogName, SetInfo } from './catalog.js';
export type {
  Cifar10FilesOptions,
  Cifar10FormatName,
  Cifar10Options,
  Cifar10PartOptions,
} from './cifar/cifar10.js';
export type { Cifar100Options, Cifar100PartOptions } from './cifar/cifar100.js';
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
export type { LoadSetOptions } from './load-set.js';
export type { MnistOptions } from './mnist.js';
export type { FromNumpyOptions, FromNumpyTargetsOptions } from './npy/from-numpy.js';
export type { OneHotOptions } from './one-hot.js';
export type { MapOptions, MapSample } from './pipeline/map.js';
export type { SplitOptions } from './pipeline/split.js';
export type { SubsetOptions } from './pipeline/subset.js';
export type * from './streamed/index.js';
