import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { CATALOG_NAMES, type CatalogName } from './catalog.js';
import { cifar10 } from './cifar/cifar10.js';
import { cifar100 } from './cifar/cifar100.js';
import type { DatasetSplit } from './dataset.js';
import { digits } from './digits/digits.js';
import { fashionMnist } from './fashion-mnist.js';
import { checkLoadOptions, type DownloadedSetOptions } from './load-options.js';
import { mnist } from './mnist.js';

const WHO = 'datasets.load';

/** Options of `datasets.load`. */
export interface LoadSetOptions extends DownloadedSetOptions {
  /** Folder of the files; for CIFAR also the archive. `digits` has none. */
  dir?: string | undefined;
}

const LOADERS: Readonly<Record<CatalogName, (options: LoadSetOptions) => Promise<DatasetSplit>>> = {
  digits: async (options) => {
    checkLoadOptions(WHO, options, []);
    if (options.dir !== undefined) {
      throw new InvalidArgumentError(`${WHO}: expected no dir for digits, which are drawn. Leave it out.`);
    }
    options.signal?.throwIfAborted();
    return digits();
  },
  mnist,
  'fashion-mnist': fashionMnist,
  cifar10,
  cifar100,
};

/**
 * A set by the name it has in `datasets.catalog`, on the command line and in configurations.
 *
 * ```ts
 * const { train, test } = await datasets.load('fashion-mnist', { dir: 'data' });
 * ```
 *
 * @throws InvalidArgumentError when there is no such set, or an option is not what it should be
 * @throws DataError when files are missing, damaged, or cannot be downloaded
 */
export async function loadSet(name: CatalogName, options: LoadSetOptions = {}): Promise<DatasetSplit> {
  checkChoice(WHO, 'the name of a set', name, CATALOG_NAMES);
  return LOADERS[name](options);
}
