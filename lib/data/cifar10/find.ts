import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DataError } from '../../errors/index.js';
import { cacheFolder } from '../cache-folder.js';
import { type Cifar10Format, type Cifar10FormatName, FORMATS } from './formats.js';

/** What is looked for. */
export interface Wanted {
  readonly who: string;
  /** Where the user says the files are. */
  readonly dir: string | undefined;
  /** Both will do when left out. */
  readonly format: Cifar10FormatName | undefined;
  /** Names of the files of a format that must be there. */
  readonly filesOf: (format: Cifar10Format) => readonly string[];
}

export interface Found {
  readonly format: Cifar10Format;
  readonly folder: string;
}

/** A folder that may hold the files, and those it lacks. */
interface Candidate extends Found {
  readonly exists: boolean;
  readonly missing: readonly string[];
}

/**
 * The folder with all files wanted: in `dir` when given, else in `CNNATIVE_DATA`, else in the user's cache folder.
 *
 * @throws DataError when there is none, telling what is missing and where it can be had
 */
export async function findFolder(wanted: Wanted): Promise<Found> {
  const { dir } = wanted;
  const data = process.env.CNNATIVE_DATA;
  const cache = cacheFolder();
  const places = dir !== undefined ? [dir] : [...(data ? [join(data, 'cifar10'), data] : []), join(cache, 'cifar10')];
  const candidates: Candidate[] = [];
  for (const place of places) candidates.push(...(await candidatesIn(place, wanted)));
  const whole = candidates.find(({ missing }) => missing.length === 0);
  if (whole) return whole;
  throw new DataError(
    `${wanted.who}: expected a folder with the files of CIFAR-10 for ${dir !== undefined ? 'dir' : data ? 'CNNATIVE_DATA' : 'dir or CNNATIVE_DATA'}, ` +
      `received ${describeBest(candidates, dir ?? data)}. ${wayOut(wanted)}`,
  );
}

/** The folder itself, and the folder in it to which an archive unpacks. */
async function candidatesIn(place: string, wanted: Wanted): Promise<Candidate[]> {
  const candidates: Candidate[] = [];
  for (const format of formatsOf(wanted)) {
    for (const folder of [place, join(place, format.folder)]) {
      const exists = await stat(folder).then(
        (stats) => stats.isDirectory(),
        () => false,
      );
      const missing: string[] = [];
      for (const name of wanted.filesOf(format)) if (!(await isThere(join(folder, name)))) missing.push(name);
      candidates.push({ format, folder, exists, missing });
    }
  }
  return candidates;
}

function formatsOf({ format }: Wanted): readonly Cifar10Format[] {
  return FORMATS.filter(({ name }) => format === undefined || name === format);
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

/** The folder that lacks the fewest files: most likely the one the user means. */
function describeBest(candidates: readonly Candidate[], asked: string | undefined): string {
  const existing = candidates.filter(({ exists }) => exists);
  const [best] = existing.sort((a, b) => a.missing.length - b.missing.length);
  if (best) return `${best.folder}, which is without ${best.missing.join(', ')}`;
  return asked === undefined ? 'neither' : `${asked}, which is not a folder`;
}

function wayOut(wanted: Wanted): string {
  const archives = formatsOf(wanted).map(({ archive, md5 }) => `${archive} (MD5 ${md5})`);
  return (
    `Fetch ${archives.join(' or ')} from https://www.cs.toronto.edu/~kriz/cifar.html, unpack it with tar -xzf, and give ` +
    'its folder as dir, or put it into the folder that CNNATIVE_DATA names.'
  );
}
