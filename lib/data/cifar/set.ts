import type { CatalogName } from '../catalog.js';

/** Shape of one image: planes of red, green and blue. */
export const SHAPE = [3, 32, 32] as const;
export const PIXELS = 3 * 32 * 32;

/** Refuses what cannot be one of the files, the largest of which has 155 MB: also the most that is read into memory. */
export const MOST_BYTES = 2 ** 28;
/** The same for the names of the classes. */
export const MOST_META_BYTES = 2 ** 20;

/** The two layouts in which the sets are published. */
export type CifarFormatName = 'binary' | 'python';

/** One of the labels that every image has. */
export interface CifarLabels {
  /** Its name in Python's batches. */
  readonly key: 'labels' | 'fine_labels' | 'coarse_labels';
  /** The name of the list of its classes in Python's meta file. */
  readonly namesKey: string;
  /** The file of its classes in the binary version. */
  readonly namesFile: string;
  readonly classes: number;
}

/** What the files of one layout are called. */
export interface CifarFormat {
  readonly name: CifarFormatName;
  /** The folder its archive unpacks to. */
  readonly folder: string;
  readonly archive: string;
  /** Of the archive, as published on the page of the sets. */
  readonly md5: string;
  readonly train: readonly string[];
  readonly test: string;
  /** The file with the names of the classes. */
  readonly meta: (labels: CifarLabels) => string;
}

/** All that distinguishes CIFAR-10 from CIFAR-100. */
export interface CifarSet {
  readonly name: CatalogName & ('cifar10' | 'cifar100');
  readonly title: string;
  /** The labels of an image in the order of their bytes in the binary version. */
  readonly labels: readonly CifarLabels[];
  /** In the order of preference where a folder holds both: the binary one is read faster. */
  readonly formats: readonly CifarFormat[];
}

/** Where the publishers keep the archives. */
export const MIRRORS: readonly string[] = ['https://www.cs.toronto.edu/~kriz/'];

/** The images of one file and one of their labels each. */
export interface CifarBatch {
  readonly images: Uint8Array;
  readonly labels: Int32Array;
}

const NUMBERS = [1, 2, 3, 4, 5];

export const CIFAR10: CifarSet = {
  name: 'cifar10',
  title: 'CIFAR-10',
  labels: [{ key: 'labels', namesKey: 'label_names', namesFile: 'batches.meta.txt', classes: 10 }],
  formats: [
    {
      name: 'binary',
      folder: 'cifar-10-batches-bin',
      archive: 'cifar-10-binary.tar.gz',
      md5: 'c32a1d4ab5d03f1284b67883e8d87530',
      train: NUMBERS.map((number) => `data_batch_${number}.bin`),
      test: 'test_batch.bin',
      meta: ({ namesFile }) => namesFile,
    },
    {
      name: 'python',
      folder: 'cifar-10-batches-py',
      archive: 'cifar-10-python.tar.gz',
      md5: 'c58f30108f718f92721af3b95e74349a',
      train: NUMBERS.map((number) => `data_batch_${number}`),
      test: 'test_batch',
      meta: () => 'batches.meta',
    },
  ],
};

export const CIFAR100: CifarSet = {
  name: 'cifar100',
  title: 'CIFAR-100',
  labels: [
    { key: 'coarse_labels', namesKey: 'coarse_label_names', namesFile: 'coarse_label_names.txt', classes: 20 },
    { key: 'fine_labels', namesKey: 'fine_label_names', namesFile: 'fine_label_names.txt', classes: 100 },
  ],
  formats: [
    {
      name: 'binary',
      folder: 'cifar-100-binary',
      archive: 'cifar-100-binary.tar.gz',
      md5: '03b5dce01913d631647c71ecec9e9cb8',
      train: ['train.bin'],
      test: 'test.bin',
      meta: ({ namesFile }) => namesFile,
    },
    {
      name: 'python',
      folder: 'cifar-100-python',
      archive: 'cifar-100-python.tar.gz',
      md5: 'eb9058c3a382ffc7106e4002c42a8d85',
      train: ['train'],
      test: 'test',
      meta: () => 'meta',
    },
  ],
};

/** Names of the files of a part. */
export function filesOf({ train, test }: CifarFormat, split: 'train' | 'test'): readonly string[] {
  return split === 'train' ? train : [test];
}
