import { CATALOG } from './catalog.js';
import type { DatasetSplit } from './dataset.js';
import type { IdxSet, IdxSetOptions } from './idx-set.js';
import { loadIdxSet } from './idx-set.js';

/** Options of `datasets.mnist`. */
export interface MnistOptions extends IdxSetOptions {}

export const MNIST: IdxSet = {
  name: 'mnist',
  folder: 'mnist',
  info: CATALOG.mnist,
  mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte.gz',
      unpackedBytes: 47_040_016,
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte.gz',
      unpackedBytes: 60_008,
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    testImages: {
      name: 't10k-images-idx3-ubyte.gz',
      unpackedBytes: 7_840_016,
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte.gz',
      unpackedBytes: 10_008,
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
};

/**
 * MNIST: 60 000 and 10 000 handwritten digits, 28x28, grey. Mean 0.1307, deviation 0.3081 (of pixels scaled to 0..1).
 *
 * Looked for in `dir` when given, and there only; else in `CNNATIVE_DATA/mnist`, else in the user's cache folder, else
 * downloaded into that (11 MB, checksummed; a file is there complete or not at all).
 *
 * ```ts
 * const { train, test } = await datasets.mnist();
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when files are missing, damaged, or cannot be downloaded
 */
export async function mnist(options: MnistOptions = {}): Promise<DatasetSplit> {
  return loadIdxSet(MNIST, options);
}
