import type { Stats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { readArchive } from '../archive/read-archive.js';
import { cacheFolder } from '../cache-folder.js';
import { MissingSetError, type Ways } from '../missing-set-error.js';
import { type CifarFormat, type CifarFormatName, type CifarSet, MIRRORS, MOST_BYTES } from './set.js';
import type { Source } from './source.js';

/** What is looked for. */
export interface Wanted {
  readonly who: string;
  readonly set: CifarSet;
  /** Where the user says the files are. */
  readonly dir: string | undefined;
  /** Both will do when left out. */
  readonly format: CifarFormatName | undefined;
  /** Names of the files of a format that must be there. */
  readonly filesOf: (format: CifarFormat) => readonly string[];
}

export interface Found {
  readonly format: CifarFormat;
  readonly source: Source;
}

/** A folder or archive that may hold the files, and those it lacks. */
interface Candidate extends Found {
  readonly exists: boolean;
  readonly missing: readonly string[];
  readonly wanted: number;
}

/** Endings of archives, `.tar.gz` as they are published. */
const ENDINGS = ['.tar.gz', '.tgz', '.tar', '.zip'];

/**
 * The folder with all files wanted, or the archive: in `dir` when given, else in `CNNATIVE_DATA`, else in the user's cache
 * folder. `undefined` when there is nothing of the set where it may be downloaded.
 *
 * @throws DataError when `dir` has not all files, or `CNNATIVE_DATA` some of them only
 */
export async function findSet(wanted: Wanted): Promise<Found | undefined> {
  const { dir, set } = wanted;
  const data = process.env.CNNATIVE_DATA;
  const places = dir !== undefined ? [dir] : [...(data ? [join(data, set.name), data] : []), cachePlace(set)];
  const candidates: Candidate[] = [];
  for (const place of places) candidates.push(...(await candidatesIn(place, wanted)));
  const whole = candidates.find(({ missing, exists }) => exists && missing.length === 0);
  if (whole) return whole;
  const begun = candidates.some(({ missing, wanted: all, exists }) => exists && missing.length < all);
  if (dir === undefined && !begun) return undefined;
  throw new MissingSetError(
    (ways) =>
      `${wanted.who}: expected a folder with the files of ${set.title}, or the archive, for ` +
      `${dir !== undefined ? ways.dir : data ? 'CNNATIVE_DATA' : 'the cache folder'}, ` +
      `received ${describeBest(candidates, dir ?? data)}. ${wayOut(wanted, ways)}`,
  );
}

/** Where the set is kept once downloaded. */
export function cachePlace(set: CifarSet): string {
  return join(cacheFolder(), set.name);
}

/** What a user can do who has not the files. */
export function wayOut({ set, format }: Wanted, { dir }: Ways): string {
  const archives = formatsOf({ set, format }).map(({ archive, md5 }) => `${archive} (MD5 ${md5})`);
  return (
    `Fetch ${archives.join(' or ')} from ${MIRRORS[0]}cifar.html and give it, or the folder it is in, as ${dir}, or put it ` +
    'into the folder that CNNATIVE_DATA names.'
  );
}

/** The folder itself, the folder in it to which an archive unpacks, and the archive; or a file as the archive. */
async function candidatesIn(place: string, wanted: Wanted): Promise<Candidate[]> {
  if ((await statsOf(place))?.isFile()) return [archiveAt(place, await formatOfArchive(place, wanted), wanted)];
  const candidates: Candidate[] = [];
  for (const format of formatsOf(wanted)) {
    for (const folder of [place, join(place, format.folder)]) {
      const exists = (await statsOf(folder))?.isDirectory() === true;
      const names = wanted.filesOf(format);
      const missing: string[] = [];
      for (const name of names) if (!(await statsOf(join(folder, name)))?.isFile()) missing.push(name);
      candidates.push({ format, source: { path: folder, isArchive: false }, exists, missing, wanted: names.length });
    }
  }
  for (const format of formatsOf(wanted)) {
    for (const ending of ENDINGS) {
      const path = join(place, format.archive.replace('.tar.gz', ending));
      if ((await statsOf(path))?.isFile()) candidates.push(archiveAt(path, format, wanted));
    }
  }
  return candidates;
}

/** Taken for whole: what it holds is known when it is read. */
function archiveAt(path: string, format: CifarFormat, wanted: Wanted): Candidate {
  const source = { path, isArchive: true };
  return { format, source, exists: true, missing: [], wanted: wanted.filesOf(format).length };
}

/** By its name, where `format` does not say, and by what is in it, where its name does not. */
async function formatOfArchive(path: string, wanted: Wanted): Promise<CifarFormat> {
  const formats = formatsOf(wanted);
  const [first] = formats as [CifarFormat];
  const named = formats.length === 1 ? first : formats.find(({ name }) => basename(path).includes(name));
  if (named) return named;
  const holds = (entry: string) => formats.find((format) => wanted.filesOf(format).includes(basename(entry)));
  for await (const { path: entry } of readArchive(path, (name) => holds(name) && MOST_BYTES))
    return holds(entry) ?? first;
  return first;
}

function formatsOf({ set, format }: Pick<Wanted, 'set' | 'format'>): readonly CifarFormat[] {
  return set.formats.filter(({ name }) => format === undefined || name === format);
}

async function statsOf(path: string): Promise<Stats | undefined> {
  return stat(path).catch(() => undefined);
}

/** The folder that lacks the fewest files: most likely the one the user means. */
function describeBest(candidates: readonly Candidate[], asked: string | undefined): string {
  const existing = candidates.filter(({ exists }) => exists);
  const [best] = existing.sort((a, b) => a.missing.length - b.missing.length);
  if (best) return `${best.source.path}, which is without ${best.missing.join(', ')}`;
  return asked === undefined ? 'neither' : `${asked}, which is not a folder`;
}
