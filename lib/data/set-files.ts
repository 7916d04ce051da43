import { readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { CatalogName } from './catalog.js';
import { allFiles, archiveOf, locateCifar } from './cifar/load.js';
import { CIFAR10, CIFAR100, type CifarSet } from './cifar/set.js';
import { FASHION_MNIST } from './fashion-mnist.js';
import { type IdxSet, locateIdxSet, type Part } from './idx-set.js';
import { MNIST } from './mnist.js';
import { checkPublished } from './published-file.js';

/** A file of a set on this machine. */
export interface SetFile {
  readonly path: string;
  readonly bytes: number;
  /** Whether it is the published file by its checksum; `unknown` where its publishers give none for it. */
  readonly checksum: 'published' | 'other' | 'unknown';
  /** What differs, of an `other` file. */
  readonly fault?: string;
}

/** The files that loading a set reads, or has just downloaded, compared with what its publishers say of them. */
export async function filesOfSet(name: CatalogName, dir: string | undefined): Promise<readonly SetFile[]> {
  if (name === 'digits') return [];
  if (name === 'mnist' || name === 'fashion-mnist') return idxFiles(name === 'mnist' ? MNIST : FASHION_MNIST, dir);
  return cifarFiles(name === 'cifar10' ? CIFAR10 : CIFAR100, dir);
}

async function idxFiles(set: IdxSet, dir: string | undefined): Promise<SetFile[]> {
  const { paths } = await locateIdxSet(set, { dir });
  const files: SetFile[] = [];
  for (const [part, path] of paths) files.push(await idxFile(set, part, path));
  return files;
}

async function idxFile(set: IdxSet, part: Part, path: string): Promise<SetFile> {
  const published = set.files[part];
  // Of a packed file's checksum nothing follows for the unpacked one.
  if (published.packed && !path.endsWith('.gz')) return described(path, 'unknown');
  return compared(path, await checkPublished(path, published));
}

async function cifarFiles(set: CifarSet, dir: string | undefined): Promise<SetFile[]> {
  const found = await locateCifar(set, { dir });
  if (!found) return [];
  const { format, source } = found;
  if (source.isArchive) {
    if (!/\.(tar\.gz|tgz)$/.test(source.path)) return [await described(source.path, 'unknown')];
    return [await compared(source.path, await checkPublished(source.path, archiveOf(format)))];
  }
  const wanted = allFiles(format, set);
  const there = (await readdir(source.path)).filter((file) => wanted.includes(basename(file)));
  return Promise.all(there.sort().map((file) => described(join(source.path, file), 'unknown')));
}

function compared(path: string, fault: string | undefined): Promise<SetFile> {
  return fault === undefined ? described(path, 'published') : described(path, 'other', fault);
}

async function described(path: string, checksum: SetFile['checksum'], fault?: string): Promise<SetFile> {
  const { size: bytes } = await stat(path);
  return { path, bytes, checksum, ...(fault !== undefined && { fault }) };
}
