import { DataError } from '../../errors/index.js';
import { ByteReader } from '../byte-reader.js';
import type { ChunkedFile } from '../file-chunks.js';
import type { Dtype } from './dtype.js';
import { DAMAGED, readNpyHeader } from './read-header.js';

/** An array as it lies in an npy file. */
export interface NpyArray extends Dtype {
  /** For messages. */
  readonly path: string;
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** The items as they lie in the file, in memory of their own. */
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** Where the first item lies in the file. */
  readonly dataOffset: number;
}

/**
 * Reads an array in numpy's format (NEP 1), versions 1 to 3. The header is parsed, never evaluated, and memory follows the bytes
 * that are really there.
 *
 * @param most refuse arrays of more bytes
 * @throws DataError naming the file, the byte, what was expected there and what was found
 */
export async function readNpy(file: ChunkedFile, most: number): Promise<NpyArray> {
  const { path } = file;
  const reader = new ByteReader(file);
  try {
    const { descr, fortranOrder, shape, ...dtype } = await readNpyHeader(path, reader);
    const dataOffset = reader.offset;
    const length = shape.reduce((product, size) => product * size, dtype.itemBytes);
    const asked = `as its shape [${shape.join(', ')}] of ${descr} asks for`;
    if (length > most) {
      throw new DataError(
        `${path}: expected an array of at most ${most} bytes, received one of ${length}, ${asked}. Give a larger memoryLimit ` +
          'if that is right.',
      );
    }
    const bytes = dataOffset + length > file.mostBytes ? undefined : await reader.read(length);
    if (bytes === undefined || bytes.length < length) {
      throw new DataError(
        `${path}: expected ${dataOffset + length} bytes, ${asked}, received the end of the file at byte ` +
          `${bytes === undefined ? file.mostBytes : reader.offset}. The file was cut short: save it again.`,
      );
    }
    // Reading past the end also verifies the checksum of packed files.
    if ((await reader.read(1)).length > 0) {
      throw new DataError(
        `${path}: expected the end of the file at byte ${dataOffset + length}, ${asked}, received more bytes. ${DAMAGED}`,
      );
    }
    return { path, ...dtype, fortranOrder, shape, bytes, dataOffset };
  } finally {
    await reader.close();
  }
}
