import { CATALOG } from './catalog.js';
import type { DatasetSplit } from './dataset.js';
import type { IdxSet, IdxSetOptions } from './idx-set.js';
import { loadIdxSet } from './idx-set.js';

/** Options of `datasets.fashionMnist`. */
export interface FashionMnistOptions extends IdxSetOptions {}

export const FASHION_MNIST: IdxSet = {
  name: 'fashionMnist',
  folder: 'fashion-mnist',
  info: CATALOG['fashion-mnist'],
  mirrors: [
    'https://github.com/zalandoresearch/fashion-mnist/raw/master/data/fashion/',
    'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/',
  ],
  files: {
    trainImages: {
      name: 'train-images-idx3-ubyte.gz',
      unpackedBytes: 47_040_016,
      sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
      packed: true,
    },
    trainLabels: {
      name: 'train-labels-idx1-ubyte.gz',
      unpackedBytes: 60_008,
      sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
      packed: true,
    },
    testImages: {
      name: 't10k-images-idx3-ubyte.gz',
      unpackedBytes: 7_840_016,
      sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
      packed: true,
    },
    testLabels: {
      name: 't10k-labels-idx1-ubyte.gz',
      unpackedBytes: 10_008,
      sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
      packed: true,
    },
  },
};

/**
 * Fashion-MNIST: 60 000 and 10 000 pictures of clothes, 28x28, grey (Xiao, Rasul, Vollgraf: "Fashion-MNIST: a Novel Image
 * Dataset for Benchmarking Machine Learning Algorithms", 2017). Mean 0.2860, deviation 0.3530 (of pixels scaled to 0..1).
 *
 * Looked for in `dir` when given, and there only; else in `CNNATIVE_DATA/fashion-mnist`, else in the user's cache folder,
 * else downloaded into that (31 MB, checksummed; a file is there complete or not at all).
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when files are missing, damaged, or cannot be downloaded
 */
export async function fashionMnist(options: FashionMnistOptions = {}): Promise<DatasetSplit> {
  return loadIdxSet(FASHION_MNIST, options);
}
