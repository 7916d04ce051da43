import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { DataError } from '../errors/index.js';

const CHUNK_BYTES = 256 * 1024;
/** Deflate turns at most 1032 bytes into one. */
const LARGEST_GZIP_RATIO = 1032;

/** A file opened for reading, unpacked on the way when it is gzip: by its first bytes, whatever its name. */
export interface ChunkedFile {
  readonly path: string;
  readonly gzip: boolean;
  /** No file of this size on disk can hold more unpacked bytes. Equal to the file's size for plain files. */
  readonly mostBytes: number;
  /** The unpacked bytes in order. Can be walked once; the file is closed at the end, also after an error or a break. */
  readonly chunks: AsyncGenerator<Uint8Array, void, undefined>;
}

/** @throws DataError when there is no such file, it cannot be read, or is not a regular file */
export async function openChunks(path: string): Promise<ChunkedFile> {
  let handle: FileHandle | undefined;
  try {
    await checkRegularFile(path);
    handle = await open(path, 'r');
    const { size } = await handle.stat();
    const start = new Uint8Array(2);
    await handle.read(start, 0, 2, 0);
    const gzip = start[0] === 0x1f && start[1] === 0x8b;
    return {
      path,
      gzip,
      mostBytes: gzip ? size * LARGEST_GZIP_RATIO : size,
      chunks: gzip ? gunzipped(path, handle) : plain(path, handle),
    };
  } catch (error) {
    await handle?.close();
    throw error instanceof DataError ? error : unreadable(path, error);
  }
}

/**
 * To be asked before opening: opening a named pipe would wait for its writer, perhaps for ever.
 *
 * @throws DataError when there is no such file, or it is not a regular one
 */
export async function checkRegularFile(path: string): Promise<void> {
  const stats = await stat(path).catch((error: unknown) => {
    throw unreadable(path, error);
  });
  if (!stats.isFile()) throw new DataError(`${path}: expected a file, received a folder or a device.`);
}

async function* plain(path: string, handle: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    let position = 0;
    for (;;) {
      const chunk = new Uint8Array(CHUNK_BYTES);
      const { bytesRead } = await handle.read(chunk, 0, CHUNK_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield chunk.subarray(0, bytesRead);
    }
  } catch (error) {
    throw unreadable(path, error);
  } finally {
    await handle.close();
  }
}

async function* gunzipped(path: string, handle: FileHandle): AsyncGenerator<Uint8Array, void, undefined> {
  const gunzip = createGunzip({ chunkSize: CHUNK_BYTES });
  // The error reaches the reader of gunzip too, which reports it with the position.
  const feeding = pipeline(plain(path, handle), gunzip).catch(() => undefined);
  let unpacked = 0;
  try {
    for await (const chunk of gunzip as AsyncIterable<Uint8Array>) {
      unpacked += chunk.length;
      yield chunk;
    }
  } catch (error) {
    if (error instanceof DataError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new DataError(
      `${path}: expected a complete gzip file, received ${reason} (gzip) after ${unpacked} unpacked bytes. ` +
        'The file is damaged or was cut short: fetch it again.',
      { cause: error },
    );
  } finally {
    gunzip.destroy();
    await feeding;
  }
}

function unreadable(path: string, error: unknown): DataError {
  const code = (error as NodeJS.ErrnoException).code;
  const reason = code === 'ENOENT' ? 'no file of that name' : error instanceof Error ? error.message : String(error);
  return new DataError(`${path}: expected a readable file, received ${reason}.`, { cause: error });
}
