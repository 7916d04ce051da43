import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../errors/index.js';
import { cacheFolder } from './cache-folder.js';
import type { SetInfo } from './catalog.js';
import type { DatasetSplit } from './dataset.js';
import { download } from './download.js';
import { readIdxDataset } from './idx-dataset.js';
import { checkLoadOptions, type DownloadedSetOptions } from './load-options.js';
import { MissingSetError, type Ways } from './missing-set-error.js';
import type { PublishedFile } from './published-file.js';

/** A set published as four IDX files: all that distinguishes one such set from another. */
export interface IdxSet {
  /** Its name as a function of `datasets`. */
  readonly name: string;
  /** Its folder below `CNNATIVE_DATA` and the cache folder. */
  readonly folder: string;
  readonly info: Pick<SetInfo, 'shape' | 'classNames' | 'mean' | 'std'>;
  /** Base addresses of the published files. */
  readonly mirrors: readonly string[];
  readonly files: Readonly<Record<Part, PublishedFile>>;
}

export type Part = 'trainImages' | 'trainLabels' | 'testImages' | 'testLabels';

export interface IdxSetOptions extends DownloadedSetOptions {
  /**
   * Folder of the four files, plain or `.gz`. When given, it is the only place looked in.
   * @default `CNNATIVE_DATA/<set>`, then the user's cache folder, then a download into the cache folder
   */
  dir?: string | undefined;
}

const PARTS: readonly Part[] = ['trainImages', 'trainLabels', 'testImages', 'testLabels'];

/** Finds, if need be downloads, and reads a set of four IDX files. */
export async function loadIdxSet(set: IdxSet, options: IdxSetOptions): Promise<DatasetSplit> {
  const { paths, inCache } = await locateIdxSet(set, options);
  try {
    return await read(set, paths, options.signal);
  } catch (error) {
    if (!inCache || !(error instanceof DataError)) throw error;
    throw new DataError(`${error.message} Once deleted, it is downloaded again when asked for.`, { cause: error });
  }
}

export interface IdxSetPaths {
  readonly paths: ReadonlyMap<Part, string>;
  /** Whether they may be fetched again. */
  readonly inCache: boolean;
}

/** The four files, downloaded if need be. */
export async function locateIdxSet(set: IdxSet, options: IdxSetOptions): Promise<IdxSetPaths> {
  const who = `datasets.${set.name}`;
  checkLoadOptions(who, options, []);
  options.signal?.throwIfAborted();
  if (options.dir !== undefined) return { paths: await findAll(who, set, options.dir, true), inCache: false };

  const data = process.env.CNNATIVE_DATA;
  if (data) {
    const folder = join(data, set.folder);
    if ((await find(set, folder)).size > 0) {
      return { paths: await findAll(who, set, folder, false), inCache: false };
    }
  }

  const cache = join(cacheFolder(), set.folder);
  const paths = await find(set, cache);
  for (const part of PARTS) {
    if (!paths.has(part)) paths.set(part, await fetchPart(who, set, part, cache, options));
  }
  return { paths, inCache: true };
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

/** @param given by the option `dir`, else by `CNNATIVE_DATA` */
async function findAll(who: string, set: IdxSet, folder: string, given: boolean): Promise<Map<Part, string>> {
  const found = await find(set, folder);
  const missing = PARTS.filter((part) => !found.has(part)).map((part) => set.files[part].name);
  if (missing.length > 0) {
    const isFolder = await stat(folder).then(
      (stats) => stats.isDirectory(),
      () => false,
    );
    throw new MissingSetError(
      (ways) =>
        `${who}: expected a folder with the four files of the set, plain or .gz, for ` +
        `${given ? ways.dir : 'CNNATIVE_DATA'}, received ${folder}, ` +
        `which ${isFolder ? `is without ${missing.join(', ')}` : 'is not a folder'}. ${wayOut(set, ways)}`,
    );
  }
  return found;
}

async function fetchPart(who: string, set: IdxSet, part: Part, folder: string, options: IdxSetOptions) {
  const { mirrors = set.mirrors, onProgress, signal } = options;
  return download(set.files[part], folder, { who, mirrors, onProgress, signal, wayOut: (ways) => wayOut(set, ways) });
}

function wayOut(set: IdxSet, { dir, digits }: Ways): string {
  const names = PARTS.map((part) => set.files[part].name).join(', ');
  return (
    `Without a network: fetch ${names} elsewhere (from ${set.mirrors.join(' or ')}) and put them into ` +
    `${join(process.env.CNNATIVE_DATA || '$CNNATIVE_DATA', set.folder)}, or give their folder as ${dir}. ` +
    `${digits} needs no files.`
  );
}

async function read(
  set: IdxSet,
  paths: ReadonlyMap<Part, string>,
  signal: AbortSignal | undefined,
): Promise<DatasetSplit> {
  const { classNames, shape, mean, std } = set.info;
  const part = async (images: Part, labels: Part) => {
    signal?.throwIfAborted();
    const data = await readIdxDataset({
      images: paths.get(images) as string,
      labels: paths.get(labels) as string,
      classes: classNames.length,
      classNames,
      shape,
    });
    return { ...data, mean, std };
  };
  return { train: await part('trainImages', 'trainLabels'), test: await part('testImages', 'testLabels') };
}
