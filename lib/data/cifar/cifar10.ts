import type { Dataset, DatasetSplit } from '../dataset.js';
import { type CifarOptions, type CifarSelection, loadCifar } from './load.js';
import { CIFAR10, type CifarFormatName, type CifarLabels } from './set.js';

/** Formats in which CIFAR-10 is published. */
export type Cifar10FormatName = CifarFormatName;

/** Options of `datasets.cifar10`. */
export interface Cifar10Options extends CifarOptions {}

/** One part of the set alone. */
export interface Cifar10PartOptions extends Cifar10Options {
  /** The part to read; without it, both. */
  split: 'train' | 'test';
}

/** Some of the files as one set. */
export interface Cifar10FilesOptions extends Cifar10Options {
  /** Names of files of the folder, such as `['data_batch_1']`, to be read in this order. `.bin` may be left out. */
  files: readonly string[];
}

/**
 * CIFAR-10: 50 000 and 10 000 colour photographs of ten classes (Krizhevsky: "Learning Multiple Layers of Features from
 * Tiny Images", 2009), `uint8`, shape `[3, 32, 32]`. Means 0.4914, 0.4822, 0.4465 of red, green and blue, deviations
 * 0.2470, 0.2435, 0.2616 (of pixels scaled to 0..1). The names of the classes are read from `batches.meta`.
 *
 * Looked for in `dir` when given, and there only; else in `CNNATIVE_DATA/cifar10`, `CNNATIVE_DATA` and the user's cache
 * folder; else its archive is downloaded into that (170 MB, checksummed; it is there complete or not at all) and read as
 * it is.
 *
 * ```ts
 * const { train, test } = await datasets.cifar10();
 * const held = await datasets.cifar10({ split: 'test' });
 * const first = await datasets.cifar10({ dir: 'cifar-10-batches-py', files: ['data_batch_1'] });
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when files are missing or damaged, or cannot be downloaded
 */
export async function cifar10(
  options?: Cifar10Options & { split?: undefined; files?: undefined },
): Promise<DatasetSplit>;
export async function cifar10(options: Cifar10PartOptions | Cifar10FilesOptions): Promise<Dataset>;
export async function cifar10(options: Cifar10Options & CifarSelection = {}): Promise<DatasetSplit | Dataset> {
  return loadCifar(CIFAR10, CIFAR10.labels[0] as CifarLabels, options, ['format', 'split', 'files']);
}
