import { DataError } from '../../errors/index.js';
import type { ByteReader } from '../byte-reader.js';
import { type Dtype, dtypeOf } from './dtype.js';
import { type NpyHeader, parseHeader } from './header.js';

const MAGIC = Buffer.from('\x93NUMPY', 'latin1');
/** Headers of arrays of numbers have some 100 bytes. */
const MOST_HEADER_BYTES = 2 ** 16;
export const DAMAGED = 'The file is damaged or not an npy file: save it again with numpy.save.';

/** Whether a file that begins so claims to be an npy file. */
export function beginsAsNpy(start: Uint8Array): boolean {
  return start.length > 0 && MAGIC.subarray(0, start.length).equals(start);
}

/**
 * Reads what stands before the items of an npy file (NEP 1), in versions 1 to 3. The header is parsed, never evaluated.
 *
 * @param start bytes at the beginning, at most 8, that were read before
 * @throws DataError naming the file, the byte, what was expected there and what was found
 */
export async function readNpyHeader(
  path: string,
  reader: ByteReader,
  start: Uint8Array = new Uint8Array(0),
): Promise<NpyHeader & Dtype> {
  const magic = Buffer.concat([start, await reader.read(8 - start.length)]);
  if (magic.length < 8 || !beginsAsNpy(magic.subarray(0, MAGIC.length))) {
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
  const header = parse(path, bytes, length, major);
  const dtype = dtypeOf(header.descr);
  if (dtype) return { ...header, ...dtype };
  throw new DataError(
    `${path}: expected a dtype of numbers (bool, int8 to int64, uint8 to uint64, float32, float64) in the header at byte ` +
      `10, received ${JSON.stringify(header.descr.slice(0, 40))}. Convert the array with astype and save it again.`,
  );
}

function parse(path: string, bytes: Uint8Array, length: number, major: number): NpyHeader {
  try {
    if (bytes.length < length) throw new Error(`${length} bytes, received ${bytes.length}`);
    return parseHeader(new TextDecoder(major === 3 ? 'utf-8' : 'latin1').decode(bytes));
  } catch (error) {
    const at = major === 1 ? 10 : 12;
    throw new DataError(`${path}: expected in the header at byte ${at} ${(error as Error).message}. ${DAMAGED}`, {
      cause: error,
    });
  }
}
