import { checkChoice } from '../../util/check.js';
import { isPlainObject } from '../../util/is-plain-object.js';
import type { Dataset, DatasetSplit } from '../dataset.js';
import { type CifarOptions, type CifarSelection, loadCifar } from './load.js';
import { CIFAR100, type CifarLabels } from './set.js';

/** Options of `datasets.cifar100`. */
export interface Cifar100Options extends CifarOptions {
  /**
   * `'fine'` for the 100 classes, `'coarse'` for the 20 kinds of them.
   * @default 'fine'
   */
  labels?: 'fine' | 'coarse' | undefined;
}

/** One part of the set alone. */
export interface Cifar100PartOptions extends Cifar100Options {
  /** The part to read; without it, both. */
  split: 'train' | 'test';
}

/**
 * CIFAR-100: 50 000 and 10 000 colour photographs of 100 classes in 20 kinds (Krizhevsky: "Learning Multiple Layers of
 * Features from Tiny Images", 2009), `uint8`, shape `[3, 32, 32]`. Means 0.5071, 0.4865, 0.4409 of red, green and blue,
 * deviations 0.2673, 0.2564, 0.2762 (of pixels scaled to 0..1). Found and downloaded like `cifar10`.
 *
 * ```ts
 * const { train, test } = await datasets.cifar100();
 * const kinds = await datasets.cifar100({ labels: 'coarse', split: 'test' });
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when files are missing or damaged, or cannot be downloaded
 */
export async function cifar100(options?: Cifar100Options & { split?: undefined }): Promise<DatasetSplit>;
export async function cifar100(options: Cifar100PartOptions): Promise<Dataset>;
export async function cifar100(
  options: Cifar100Options & Pick<CifarSelection, 'split'> = {},
): Promise<DatasetSplit | Dataset> {
  const { labels: chosen = 'fine' } = isPlainObject(options) ? options : {};
  checkChoice('datasets.cifar100', 'labels', chosen, ['fine', 'coarse']);
  const labels = CIFAR100.labels.find(({ key }) => key === `${chosen}_labels`) as CifarLabels;
  return loadCifar(CIFAR100, labels, options, ['format', 'labels', 'split']);
}
