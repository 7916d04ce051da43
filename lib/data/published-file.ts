import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { DataError } from '../errors/index.js';
import { openChunks } from './file-chunks.js';

/** A file as its authors published it. */
export interface PublishedFile {
  /** Its name on the mirrors, which is also its name in the folder. */
  readonly name: string;
  /** Its length once unpacked. */
  readonly unpackedBytes: number;
  /** SHA-256 of the unpacked bytes: mirrors pack differently. */
  readonly sha256: string;
  /**
   * Whether `sha256` is of the packed file, where its publishers' own packing is the one on all mirrors.
   * @default false
   */
  readonly packed?: boolean;
}

/** An archive as its authors published it: the same bytes on all mirrors. */
export interface PublishedArchive {
  readonly name: string;
  /** A body longer than this is not the archive. */
  readonly mostBytes: number;
  /** MD5 of the archive, where its authors give no other checksum. */
  readonly md5: string;
}

/** What makes a file on disk another than the published one; `undefined` when nothing does. */
export async function checkPublished(
  path: string,
  file: PublishedFile | PublishedArchive,
): Promise<string | undefined> {
  if ('md5' in file) return compare('MD5', await hashOfFile(path, 'md5'), file.md5);
  const hash = createHash('sha256');
  let length = 0;
  try {
    const { chunks } = await openChunks(path);
    for await (const chunk of chunks) {
      length += chunk.length;
      if (length > file.unpackedBytes) break;
      hash.update(chunk);
    }
  } catch (error) {
    return error instanceof DataError ? 'a damaged gzip file' : String(error);
  }
  if (length !== file.unpackedBytes) {
    const received = length > file.unpackedBytes ? 'more' : String(length);
    return `a file of ${received} bytes unpacked where ${file.unpackedBytes} were expected`;
  }
  const sha256 = file.packed ? await hashOfFile(path, 'sha256') : hash.digest('hex');
  return compare('SHA-256', sha256, file.sha256);
}

function compare(name: string, received: string, expected: string): string | undefined {
  if (received === expected) return undefined;
  return `a file with the wrong checksum (${name} ${received}, expected ${expected})`;
}

async function hashOfFile(path: string, algorithm: 'md5' | 'sha256'): Promise<string> {
  const hash = createHash(algorithm);
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
