import { DataError } from '../errors/index.js';
import type { ByteReader } from './byte-reader.js';

/**
 * The IDX format: two zero bytes, the element type, the number of dimensions, the size of each dimension as a
 * big-endian uint32, then the elements, big-endian, last dimension fastest.
 */

/** Types of elements: uint8, int8, int16, int32, float32, float64. */
const CODES = [0x08, 0x09, 0x0b, 0x0c, 0x0d, 0x0e] as const;
export type IdxCode = (typeof CODES)[number];

export const DAMAGED = 'The file is damaged or not an IDX file: fetch it again.';

/**
 * Reads what stands before the elements of an IDX file.
 *
 * @param start the first 4 bytes, where they were read before
 * @throws DataError naming the file, the byte, what was expected there and what was found
 */
export async function readIdxHeader(
  path: string,
  reader: ByteReader,
  start?: Uint8Array,
): Promise<{ code: IdxCode; shape: number[] }> {
  const magic = start ?? (await reader.read(4));
  if (magic.length < 4) {
    throw new DataError(
      `${path}: expected the 4 bytes of the magic number at byte 0, received the end of the file at byte ` +
        `${magic.length}. ${DAMAGED}`,
    );
  }
  const [zero0, zero1, code, rank] = magic as unknown as [number, number, number, number];
  if (zero0 !== 0 || zero1 !== 0) {
    const at = zero0 !== 0 ? 0 : 1;
    throw new DataError(`${path}: expected 0x00 at byte ${at} (magic number), received ${hex(magic[at])}. ${DAMAGED}`);
  }
  if (!isCode(code)) {
    const codes = CODES.map(hex).join(', ');
    throw new DataError(`${path}: expected an element type (${codes}) at byte 2, received ${hex(code)}. ${DAMAGED}`);
  }
  if (rank === 0) throw new DataError(`${path}: expected at least 1 dimension at byte 3, received 0. ${DAMAGED}`);

  const sizes = await reader.read(4 * rank);
  const view = new DataView(sizes.buffer, sizes.byteOffset, sizes.length);
  const shape: number[] = [];
  for (let dimension = 0; dimension < rank; dimension++) {
    const at = 4 + 4 * dimension;
    if (4 * dimension + 4 > sizes.length) {
      throw new DataError(
        `${path}: expected the 4-byte size of dimension ${dimension} at byte ${at}, received the end of the file at ` +
          `byte ${4 + sizes.length}. ${DAMAGED}`,
      );
    }
    const size = view.getUint32(4 * dimension);
    if (size === 0) {
      throw new DataError(
        `${path}: expected a size of at least 1 for dimension ${dimension} at byte ${at}, received 0. ${DAMAGED}`,
      );
    }
    shape.push(size);
  }
  return { code, shape };
}

function isCode(code: number): code is IdxCode {
  return CODES.some((known) => known === code);
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}
