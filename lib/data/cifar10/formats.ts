import type { Cifar10Batch } from './batch.js';
import { readBinaryBatch, readBinaryMeta } from './binary.js';
import { readPythonBatch, readPythonMeta } from './python.js';

/** The two layouts in which CIFAR-10 is published. */
export type Cifar10FormatName = 'binary' | 'python';

/** All that distinguishes one from the other. */
export interface Cifar10Format {
  readonly name: Cifar10FormatName;
  /** The folder its archive unpacks to. */
  readonly folder: string;
  readonly archive: string;
  readonly md5: string;
  /** Names of its files: five to train with, one to test with, one with the names of the classes. */
  readonly train: readonly string[];
  readonly test: string;
  readonly meta: string;
  readonly readBatch: (path: string) => Promise<Cifar10Batch>;
  readonly readMeta: (path: string) => Promise<readonly string[]>;
}

const NUMBERS = [1, 2, 3, 4, 5];

/** In the order of preference where a folder holds both: the binary one is read faster. */
export const FORMATS: readonly Cifar10Format[] = [
  {
    name: 'binary',
    folder: 'cifar-10-batches-bin',
    archive: 'cifar-10-binary.tar.gz',
    md5: 'c32a1d4ab5d03f1284b67883e8d87530',
    train: NUMBERS.map((number) => `data_batch_${number}.bin`),
    test: 'test_batch.bin',
    meta: 'batches.meta.txt',
    readBatch: readBinaryBatch,
    readMeta: readBinaryMeta,
  },
  {
    name: 'python',
    folder: 'cifar-10-batches-py',
    archive: 'cifar-10-python.tar.gz',
    md5: 'c58f30108f718f92721af3b95e74349a',
    train: NUMBERS.map((number) => `data_batch_${number}`),
    test: 'test_batch',
    meta: 'batches.meta',
    readBatch: readPythonBatch,
    readMeta: readPythonMeta,
  },
];
