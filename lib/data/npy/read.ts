import { DataError } from '../../errors/index.js';
import { ByteReader } from '../byte-reader.js';
import type { ChunkedFile } from '../file-chunks.js';
import { type Dtype, dtypeOf } from './dtype.js';
import { type NpyHeader, parseHeader } from './header.js';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** Headers of arrays of numbers have some 100 bytes. */
const MOST_HEADER_BYTES = 2 ** 16;
const DAMAGED = 'The file is damaged or not an npy file: save it again with numpy.save.';

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
    const { descr, fortranOrder, shape } = await readHeader(path, reader);
    const dtype = dtypeOf(descr);
    if (!dtype) {
      throw new DataError(
        `${path}: expected a dtype of numbers (bool, int8 to int64, uint8 to uint64, float32, float64) in the header at byte ` +
          `10, received ${JSON.stringify(descr.slice(0, 40))}. Convert the array with astype and save it again.`,
      );
    }
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

async function readHeader(path: string, reader: ByteReader): Promise<NpyHeader> {
  const magic = await reader.read(8);
  if (magic.length < 8 || !MAGIC.every((byte, i) => magic[i] === byte)) {
    throw new DataError(`${path}: expected \\x93NUMPY and a version at byte 0, received other bytes. ${DAMAGED}`);
  }
  const [major, minor] = [magic[6] as number, magic[7] as number];
  if (major < 1 || major > 3 || minor !== 0) {
    throw new DataError(`${path}: expected version 1.0, 2.0 or 3.0 at byte 6, received ${major}.${minor}. ${DAMAGED}`);
  }
  const lengthBytes = major === 1 ? 2 : 4;
  const head = Buffer.from(await reader.read(lengthBytes));
  const length = head.length < lengthBytes ? 0 : head.readUIntLE(0, lengthBytes);
  if (length === 0 || length > MOST_HEADER_BYTES) {
    throw new DataError(
      `${path}: expected the length of a header, 1 to ${MOST_HEADER_BYTES}, at byte 8, received ${length}. ${DAMAGED}`,
    );
  }
  const bytes = await reader.read(length);
  try {
    if (bytes.length < length) throw new Error(`${length} bytes, received ${bytes.length}`);
    return parseHeader(new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes));
  } catch (error) {
    throw new DataError(
      `${path}: expected in the header at byte ${8 + lengthBytes} ${(error as Error).message}. ${DAMAGED}`,
      { cause: error },
    );
  }
}
