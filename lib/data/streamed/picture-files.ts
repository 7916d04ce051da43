import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { DataError } from '../../errors/index.js';

const WHO = 'datasets.imageFolder';
const PICTURES = ['.jpg', '.jpeg', '.png', '.webp'];

async function entriesOf(folder: string): Promise<Dirent[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter(({ name }) => !name.startsWith('.'));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'nothing of that name' : code === 'ENOTDIR' ? 'a file' : message;
    throw new DataError(`${WHO}: expected a folder at ${folder}, received ${reason}.`, { cause: error });
  }
}

/** Names of the folders in a folder, and of links to folders. */
async function foldersOf(folder: string): Promise<string[]> {
  const names: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const isFolder =
      entry.isDirectory() ||
      (entry.isSymbolicLink() &&
        (await stat(join(folder, entry.name)).then(
          (stats) => stats.isDirectory(),
          () => false,
        )));
    if (isFolder) names.push(entry.name);
  }
  return names;
}

/** Paths of all sub-folders, of which the wanted one must be one. */
export async function findSplits(folder: string, split: string): Promise<string[]> {
  const names = await foldersOf(folder);
  if (names.includes(split)) return names.map((name) => join(folder, name));
  throw new DataError(
    `${WHO}: expected a sub-folder ${split} in ${folder}, received ${names.length === 0 ? 'none' : names.join(', ')}.`,
  );
}

/** Names of the folders in any of the places, sorted by their code units. */
export async function findClasses(places: readonly string[]): Promise<string[]> {
  const names = new Set<string>();
  for (const place of places) for (const name of await foldersOf(place)) names.add(name);
  if (names.size > 0) return [...names].sort();
  throw new DataError(
    `${WHO}: expected a folder for each class in ${places.join(', ')}, received none. Put pictures into CLASS/*.jpg.`,
  );
}

/** Paths of all pictures, class after class, each in the order of their paths. */
export async function findPictures(
  folder: string,
  classNames: readonly string[],
  mayMiss: boolean,
): Promise<{ paths: string[]; labels: Int32Array }> {
  const paths: string[] = [];
  const labels: number[] = [];
  const there = new Set(await foldersOf(folder));
  for (const [label, name] of classNames.entries()) {
    const found = there.has(name) ? (await picturesIn(join(folder, name))).sort() : [];
    if (found.length === 0 && !mayMiss) {
      throw new DataError(
        `${WHO}: expected pictures (${PICTURES.join(', ')}) in ${join(folder, name)}, received none. Every folder is a ` +
          'class: remove it, or give the split for folders such as train and test.',
      );
    }
    for (const path of found) {
      paths.push(path);
      labels.push(label);
    }
  }
  if (paths.length > 0) return { paths, labels: Int32Array.from(labels) };
  throw new DataError(`${WHO}: expected pictures (${PICTURES.join(', ')}) in ${folder}, received none.`);
}

/** Links to pictures are followed, those to folders are not: they might lead in a circle. */
async function picturesIn(folder: string): Promise<string[]> {
  const found: string[] = [];
  for (const entry of await entriesOf(folder)) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) found.push(...(await picturesIn(path)));
    else if (PICTURES.includes(extname(entry.name).toLowerCase())) found.push(path);
  }
  return found;
}
