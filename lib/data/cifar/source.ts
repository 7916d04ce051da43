import { basename, join } from 'node:path';
import { DataError } from '../../errors/index.js';
import { readArchive } from '../archive/read-archive.js';
import { readWhole } from '../read-whole.js';

/** Bytes of a file of the set, and where they are from. */
export interface SourceFile {
  readonly name: string;
  /** For messages. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A folder of the files, or an archive of them. */
export interface Source {
  readonly path: string;
  readonly isArchive: boolean;
}

/**
 * The files of those names, each once, in any order. Of an archive nothing is unpacked to disk: it is read through once.
 *
 * @throws DataError when one is missing, damaged or larger than `most` says
 */
export async function* readFiles(
  { path, isArchive }: Source,
  names: readonly string[],
  most: (name: string) => number,
): AsyncGenerator<SourceFile, void, undefined> {
  const missing = new Set(names);
  if (!isArchive) {
    for (const name of missing) {
      const file = join(path, name);
      yield { name, path: file, bytes: await readWhole(file, most(name)) };
    }
    return;
  }
  const wanted = (entry: string) => (names.includes(basename(entry)) ? most(basename(entry)) : undefined);
  for await (const { path: entry, bytes } of readArchive(path, wanted)) {
    const name = basename(entry);
    if (!missing.delete(name)) {
      throw new DataError(`${path}: expected one file named ${name}, received several. Is this the right archive?`);
    }
    yield { name, path: `${path}, ${entry}`, bytes };
  }
  if (missing.size === 0) return;
  throw new DataError(
    `${path}: expected an archive with the files of the set, received one without ${[...missing].join(', ')}. Fetch it again.`,
  );
}
