import { InvalidArgumentError } from '../../errors/index.js';
import { checkChoice } from '../../util/check.js';
import { describe } from '../../util/describe.js';
import { CATALOG } from '../catalog.js';
import type { Dataset, DatasetSplit } from '../dataset.js';
import { download } from '../download.js';
import { checkLoadOptions, type DownloadedSetOptions } from '../load-options.js';
import type { Ways } from '../missing-set-error.js';
import type { PublishedArchive } from '../published-file.js';
import { readBinaryBatch, readBinaryMeta } from './binary.js';
import { cachePlace, type Found, findSet, type Wanted, wayOut } from './find.js';
import { readPythonBatch, readPythonMeta } from './python.js';
import {
  type CifarBatch,
  type CifarFormat,
  type CifarFormatName,
  type CifarLabels,
  type CifarSet,
  filesOf,
  MIRRORS,
  MOST_BYTES,
  MOST_META_BYTES,
  PIXELS,
  SHAPE,
} from './set.js';
import { readFiles } from './source.js';

/** The archives have 170 MB each. */
const MOST_ARCHIVE_BYTES = 2 ** 28;

export interface CifarOptions extends DownloadedSetOptions {
  /**
   * Folder of the files, folder that holds the one an archive unpacks to (such as `cifar-10-batches-bin`), folder of the
   * archive (`cifar-10-binary.tar.gz`, ..., also packed as `.tgz`, `.tar` or `.zip`), or the archive itself. Archives are
   * read as they are. When given, it is the only place looked in.
   * @default the set's folder in `CNNATIVE_DATA`, that itself, the user's cache folder, a download into that
   */
  dir?: string | undefined;
  /**
   * The binary version or the Python version (pickles, of which nothing is run).
   * @default the one that is found, the binary one of both
   */
  format?: CifarFormatName | undefined;
}

/** The folder or archive of a whole set; `undefined` where it is still to be downloaded. */
export async function locateCifar(set: CifarSet, { dir, format }: CifarOptions): Promise<Found | undefined> {
  const who = `datasets.${set.name}`;
  return findSet({ who, set, dir, format, filesOf: (of) => allFiles(of, set) });
}

/** All files of a set, with the names of all its labels. */
export function allFiles(format: CifarFormat, { labels }: CifarSet): readonly string[] {
  return [...format.train, format.test, ...new Set(labels.map((kind) => format.meta(kind)))];
}

/** What is asked for beside: a part of the set, or some files. */
export interface CifarSelection {
  readonly split?: 'train' | 'test' | undefined;
  readonly files?: readonly string[] | undefined;
}

/** Finds, if need be downloads, and reads a CIFAR set with one kind of its labels. */
export async function loadCifar(
  set: CifarSet,
  labels: CifarLabels,
  options: CifarOptions & CifarSelection,
  own: readonly string[],
): Promise<DatasetSplit | Dataset> {
  const who = `datasets.${set.name}`;
  checkLoadOptions(who, options, own);
  const { dir, format, split, files } = options;
  if (format !== undefined) checkChoice(who, 'format', format, ['binary', 'python']);
  if (split !== undefined) checkChoice(who, 'split', split, ['train', 'test']);
  if (files !== undefined) checkFiles(who, set, files, split);

  const batchesOf = (of: CifarFormat) => {
    if (files !== undefined) return files.map((name) => fileName(of, name));
    return split === undefined ? [...of.train, of.test] : filesOf(of, split);
  };
  const wanted = { who, set, dir, format, filesOf: (of: CifarFormat) => [...batchesOf(of), of.meta(labels)] };
  const found = (await findSet(wanted)) ?? (await fetchArchive(wanted, options));
  const { batches, classNames } = await readAll(found, set, labels, batchesOf(found.format), options.signal);
  const join = (names: readonly string[]) =>
    joinBatches(
      set,
      names.map((name) => batches.get(name) as CifarBatch),
      classNames,
    );
  if (files !== undefined || split !== undefined) return join(batchesOf(found.format));
  return { train: join(found.format.train), test: join([found.format.test]) };
}

function checkFiles(who: string, set: CifarSet, files: unknown, split: unknown): void {
  if (
    !Array.isArray(files) ||
    files.length === 0 ||
    ![...files].every((name) => typeof name === 'string' && name !== '')
  ) {
    throw new InvalidArgumentError(
      `${who}: expected a non-empty array of names such as ['data_batch_1'] for files, received ${describe(files)}.`,
    );
  }
  const outside = files.find((name: string) => /[/\\]/.test(name) || name === '..' || name === '.');
  if (outside !== undefined) {
    throw new InvalidArgumentError(
      `${who}: expected names of files in the folder for files, received ${describe(outside)}. Give their folder as dir.`,
    );
  }
  const metas = set.formats.flatMap((format) => set.labels.map((kind) => format.meta(kind)));
  const meta = files.find((name: string) => metas.includes(name));
  if (meta !== undefined) {
    throw new InvalidArgumentError(
      `${who}: expected names of files with images for files, received ${describe(meta)}, which has the names of the classes. ` +
        'Leave it out: it is read anyway.',
    );
  }
  if (split !== undefined) {
    throw new InvalidArgumentError(
      `${who}: expected either split or files, received both. Leave split out: files are one set.`,
    );
  }
}

function fileName({ name: format }: CifarFormat, name: string): string {
  return format === 'binary' && !name.endsWith('.bin') ? `${name}.bin` : name;
}

async function fetchArchive(wanted: Wanted, options: DownloadedSetOptions): Promise<Found> {
  const { set, format: name, who } = wanted;
  const { onProgress, signal, mirrors = MIRRORS } = options;
  const format = set.formats.find((of) => name === undefined || of.name === name) as CifarFormat;
  const archive = archiveOf(format);
  const way = (ways: Ways) => `Without a network: ${wayOut(wanted, ways)} ${ways.digits} needs no files.`;
  const path = await download(archive, cachePlace(set), { who, mirrors, onProgress, signal, wayOut: way });
  return { format, source: { path, isArchive: true } };
}

/** What is known of the archive of a layout. */
export function archiveOf({ archive, md5 }: CifarFormat): PublishedArchive {
  return { name: archive, md5, mostBytes: MOST_ARCHIVE_BYTES };
}

interface Contents {
  /** By the names of their files. */
  readonly batches: ReadonlyMap<string, CifarBatch>;
  readonly classNames: readonly string[];
}

async function readAll(
  { format, source }: Found,
  set: CifarSet,
  labels: CifarLabels,
  names: readonly string[],
  signal: AbortSignal | undefined,
): Promise<Contents> {
  const [readBatch, readMeta] =
    format.name === 'binary' ? [readBinaryBatch, readBinaryMeta] : [readPythonBatch, readPythonMeta];
  const meta = format.meta(labels);
  const most = (name: string) => (name === meta ? MOST_META_BYTES : MOST_BYTES);
  const batches = new Map<string, CifarBatch>();
  let classNames: readonly string[] = [];
  for await (const { name, path, bytes } of readFiles(source, [meta, ...names], most)) {
    signal?.throwIfAborted();
    if (name === meta) classNames = readMeta(path, bytes, labels);
    else batches.set(name, readBatch(path, bytes, set, labels));
  }
  return { batches, classNames };
}

/** Batches one after another, as one set. */
function joinBatches(set: CifarSet, batches: readonly CifarBatch[], classNames: readonly string[]): Dataset {
  const size = batches.reduce((sum, { labels }) => sum + labels.length, 0);
  const images = batches.length === 1 ? (batches[0] as CifarBatch).images : new Uint8Array(size * PIXELS);
  const labels = new Int32Array(size);
  let at = 0;
  for (const batch of batches) {
    if (batches.length > 1) images.set(batch.images, at * PIXELS);
    labels.set(batch.labels, at);
    at += batch.labels.length;
  }
  const { mean, std } = CATALOG[set.name];
  return { images, labels, shape: SHAPE, size, classes: classNames.length, classNames, mean, std };
}
