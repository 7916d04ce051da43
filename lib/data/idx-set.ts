import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError, InvalidArgumentError } from '../errors/index.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { cacheFolder } from './cache-folder.js';
import type { DatasetSplit } from './dataset.js';
import type { DownloadProgress, PublishedFile } from './download.js';
import { download } from './download.js';
import { readIdxDataset } from './idx-dataset.js';

/** A set published as four IDX files: all that distinguishes one such set from another. */
export interface IdxSet {
  /** Its name as a function of `datasets`. */
  readonly name: string;
  /** Its folder below `CNNATIVE_DATA` and the cache folder. */
  readonly folder: string;
  /** Shape of one image. */
  readonly shape: readonly number[];
  readonly classNames: readonly string[];
  /** Base addresses of the published files. */
  readonly mirrors: readonly string[];
  readonly files: Readonly<Record<Part, PublishedFile>>;
}

type Part = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

export interface IdxSetOptions {
  /**
   * Folder of the four files, plain or `.gz`. When given, it is the only place looked in.
   * @default `CNNATIVE_DATA/<set>`, then the user's cache folder, then a download into the cache folder
   */
  dir?: string | undefined;
  /** Called while files are downloaded. */
  onProgress?: ((progress: DownloadProgress) => void) | undefined;
  /**
   * Addresses to download from, in turn, in place of the publishers'. The files' checksums are verified all the same.
   */
  mirrors?: readonly string[] | undefined;
  /** Stops a download; the promise then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
}

const OPTIONS = ['dir', 'onProgress', 'mirrors', 'signal'];
const PARTS: readonly Part[] = ['trainImages', 'trainLabels', 'testImages', 'testLabels'];

/** Finds, if need be downloads, and reads a set of four IDX files. */
export async function loadIdxSet(set: IdxSet, options: IdxSetOptions): Promise<DatasetSplit> {
  const who = `datasets.${set.name}`;
  check(who, options);
  if (options.dir !== undefined) return read(set, await findAll(who, set, options.dir, 'dir'));

  const data = process.env.CNNATIVE_DATA;
  if (data) {
    const folder = join(data, set.folder);
    if ((await find(set, folder)).size > 0) return read(set, await findAll(who, set, folder, 'CNNATIVE_DATA'));
  }

  const cache = join(cacheFolder(), set.folder);
  const found = await find(set, cache);
  for (const part of PARTS) {
    if (!found.has(part)) found.set(part, await fetchPart(who, set, part, cache, options));
  }
  try {
    return await read(set, found);
  } catch (error) {
    if (!(error instanceof DataError)) throw error;
    throw new DataError(`${error.message} Once deleted, it is downloaded again when asked for.`, { cause: error });
  }
}

function check(who: string, options: IdxSetOptions): void {
  checkOptions(who, options, OPTIONS);
  const { dir, onProgress, mirrors, signal } = options as Record<string, unknown>;
  const reject = (expected: string, name: string, received: unknown) => {
    throw new InvalidArgumentError(`${who}: expected ${expected} for ${name}, received ${describe(received)}.`);
  };
  if (dir !== undefined && (typeof dir !== 'string' || dir === '')) reject('the path of a folder', 'dir', dir);
  if (onProgress !== undefined && typeof onProgress !== 'function') reject('a function', 'onProgress', onProgress);
  if (signal !== undefined && !(signal instanceof AbortSignal)) reject('an AbortSignal', 'signal', signal);
  if (mirrors !== undefined && !(Array.isArray(mirrors) && mirrors.length > 0 && mirrors.every(isWebAddress))) {
    reject('a non-empty array of http or https addresses', 'mirrors', mirrors);
  }
}

function isWebAddress(text: unknown): boolean {
  return typeof text === 'string' && /^https?:\/\//.test(text) && URL.canParse(text);
}

/** The paths of those of the four files that lie in a folder; none when it cannot be read. */
async function find(set: IdxSet, folder: string): Promise<Map<Part, string>> {
  const names = await readdir(folder).catch((): string[] => []);
  const found = new Map<Part, string>();
  for (const part of PARTS) {
    const name = spellings(set.files[part].name).find((spelling) => names.includes(spelling));
    if (name !== undefined) found.set(part, join(folder, name));
  }
  return found;
}

/** `train-images-idx3-ubyte.gz` is also met unpacked, and with a dot in place of a hyphen. */
function spellings(published: string): string[] {
  const plain = published.replace(/\.gz$/, '');
  const dotted = plain.replace('-idx', '.idx');
  return [plain, dotted, `${plain}.gz`, `${dotted}.gz`];
}

async function findAll(who: string, set: IdxSet, folder: string, option: string): Promise<Map<Part, string>> {
  const found = await find(set, folder);
  const missing = PARTS.filter((part) => !found.has(part)).map((part) => set.files[part].name);
  if (missing.length > 0) {
    const isFolder = await stat(folder).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    throw new DataError(
      `${who}: expected a folder with the four files of the set, plain or .gz, for ${option}, received ${folder}, ` +
        `which ${isFolder ? `is without ${missing.join(', ')}` : 'is not a folder'}. ${wayOut(set)}`,
    );
  }
  return found;
}

async function fetchPart(who: string, set: IdxSet, part: Part, folder: string, options: IdxSetOptions) {
  const { mirrors = set.mirrors, onProgress, signal } = options;
  return download(set.files[part], folder, { who, mirrors, onProgress, signal, wayOut: wayOut(set) });
}

function wayOut(set: IdxSet): string {
  const names = PARTS.map((part) => set.files[part].name).join(', ');
  return (
    `Without a network: fetch ${names} elsewhere (from ${set.mirrors.join(' or ')}) and put them into ` +
    `${join(process.env.CNNATIVE_DATA || '$CNNATIVE_DATA', set.folder)}, or give their folder as dir. ` +
    'datasets.digits() needs no files.'
  );
}

async function read(set: IdxSet, paths: ReadonlyMap<Part, string>): Promise<DatasetSplit> {
  const { classNames, shape } = set;
  const part = (images: Part, labels: Part) =>
    readIdxDataset({
      images: paths.get(images) as string,
      labels: paths.get(labels) as string,
      classes: classNames.length,
      classNames,
      shape,
    });
  return { train: await part('trainImages', 'trainLabels'), test: await part('testImages', 'testLabels') };
}
