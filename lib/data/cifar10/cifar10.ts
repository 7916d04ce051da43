import { join } from 'node:path';
import { InvalidArgumentError } from '../../errors/index.js';
import { checkChoice } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import type { Dataset, DatasetSplit } from '../dataset.js';
import { type Cifar10Batch, PIXELS, SHAPE } from './batch.js';
import { type Found, findFolder } from './find.js';
import type { Cifar10Format, Cifar10FormatName } from './formats.js';

const WHO = 'datasets.cifar10';

export interface Cifar10Options {
  /**
   * Folder of the files, or the folder that holds `cifar-10-batches-bin` or
   * `cifar-10-batches-py`. When given, it is the only place looked in.
   * @default `CNNATIVE_DATA/cifar10`, then `CNNATIVE_DATA`, then `cifar10` in the user's cache folder
   */
  dir?: string | undefined;
  /**
   * The binary version (`data_batch_1.bin`, ...) or the Python version (`data_batch_1`, ... as pickles, of which nothing
   * is run).
   * @default the one that is found, the binary one of both
   */
  format?: Cifar10FormatName | undefined;
}

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
 * ```ts
 * const { train, test } = await datasets.cifar10();
 * const held = await datasets.cifar10({ split: 'test' });
 * const first = await datasets.cifar10({ dir: 'cifar-10-batches-py', files: ['data_batch_1'] });
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws DataError when files are missing or damaged; nothing is downloaded
 */
export async function cifar10(
  options?: Cifar10Options & { split?: undefined; files?: undefined },
): Promise<DatasetSplit>;
export async function cifar10(options: Cifar10PartOptions | Cifar10FilesOptions): Promise<Dataset>;
export async function cifar10(
  options: Cifar10Options & { split?: 'train' | 'test' | undefined; files?: readonly string[] | undefined } = {},
): Promise<DatasetSplit | Dataset> {
  checkOptions(WHO, options, ['dir', 'format', 'split', 'files']);
  const { dir, format, split, files } = options;
  if (dir !== undefined && (typeof dir !== 'string' || dir === '')) {
    throw new InvalidArgumentError(`${WHO}: expected the path of a folder for dir, received ${describe(dir)}.`);
  }
  if (format !== undefined) checkChoice(WHO, 'format', format, ['binary', 'python']);
  if (split !== undefined) checkChoice(WHO, 'split', split, ['train', 'test']);
  if (files !== undefined) checkFiles(files, split);

  const batchesOf = (of: Cifar10Format) => {
    if (files !== undefined) return files.map((name) => fileName(of, name));
    return split === undefined ? [...of.train, of.test] : split === 'train' ? of.train : [of.test];
  };
  const found = await findFolder({ who: WHO, dir, format, filesOf: (of) => [...batchesOf(of), of.meta] });
  const classNames = await found.format.readMeta(join(found.folder, found.format.meta));
  const read = (names: readonly string[]) => readSet(found, names, classNames);
  if (files !== undefined || split !== undefined) return read(batchesOf(found.format));
  return { train: await read(found.format.train), test: await read([found.format.test]) };
}

function checkFiles(files: unknown, split: unknown): void {
  if (
    !Array.isArray(files) ||
    files.length === 0 ||
    ![...files].every((name) => typeof name === 'string' && name !== '')
  ) {
    throw new InvalidArgumentError(
      `${WHO}: expected a non-empty array of names such as ['data_batch_1'] for files, received ${describe(files)}.`,
    );
  }
  const outside = files.find((name: string) => /[/\\]/.test(name) || name === '..' || name === '.');
  if (outside !== undefined) {
    throw new InvalidArgumentError(
      `${WHO}: expected names of files in the folder for files, received ${describe(outside)}. Give their folder as dir.`,
    );
  }
  if (split !== undefined) {
    throw new InvalidArgumentError(
      `${WHO}: expected either split or files, received both. Leave split out: files are one set.`,
    );
  }
}

function fileName({ name: format }: Cifar10Format, name: string): string {
  return format === 'binary' && !name.endsWith('.bin') ? `${name}.bin` : name;
}

/** Files one after another, as one set. */
async function readSet(
  { format, folder }: Found,
  names: readonly string[],
  classNames: readonly string[],
): Promise<Dataset> {
  const batches: Cifar10Batch[] = [];
  for (const name of names) batches.push(await format.readBatch(join(folder, name)));
  const size = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const images = batches.length === 1 ? (batches[0] as Cifar10Batch).images : new Uint8Array(size * PIXELS);
  const labels = new Int32Array(size);
  let at = 0;
  for (const batch of batches) {
    if (batches.length > 1) images.set(batch.images, at * PIXELS);
    labels.set(batch.labels, at);
    at += batch.labels.length;
  }
  return { images, labels, shape: SHAPE, size, classes: classNames.length, classNames };
}
