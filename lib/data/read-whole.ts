import { DataError } from '../errors/index.js';
import { ByteReader } from './byte-reader.js';
import { openChunks } from './file-chunks.js';

/**
 * The bytes of a whole file, unpacked when it is gzip.
 *
 * @param most refuse files that hold more bytes than this, however small they are packed
 * @throws DataError when the file cannot be read, or is larger
 */
export async function readWhole(path: string, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const file = await openChunks(path);
  const reader = new ByteReader(file);
  try {
    const bytes = await reader.read(Math.min(file.mostBytes, most + 1));
    // Reading past the end also makes gzip verify its checksum.
    if (bytes.length <= most && (await reader.read(1)).length === 0) return bytes;
    throw new DataError(
      `${path}: expected a file of at most ${most} bytes, received a larger one. Is this the right file?`,
    );
  } finally {
    await reader.close();
  }
}
