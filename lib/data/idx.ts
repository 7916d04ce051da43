import { Buffer } from 'node:buffer';
import { DataError } from '../errors/index.js';
import { toHostOrder } from './byte-order.js';
import { ByteReader } from './byte-reader.js';
import { openChunks } from './file-chunks.js';

/**
 * The IDX format: two zero bytes, the element type, the number of dimensions, the size of each dimension as a
 * big-endian uint32, then the elements, big-endian, last dimension fastest.
 */

type IdxData = Uint8Array | Int8Array | Int16Array | Int32Array | Float32Array | Float64Array;

/** An array read from an IDX file. */
export interface IdxArray {
  readonly path: string;
  readonly data: IdxData;
  readonly shape: readonly number[];
  /** Where the first element lies in the (unpacked) file, for messages about elements. */
  readonly dataOffset: number;
}

interface ElementType {
  readonly bytes: number;
  readonly view: (bytes: Buffer) => IdxData;
}

const ELEMENT_TYPES: ReadonlyMap<number, ElementType> = new Map<number, ElementType>([
  [0x08, { bytes: 1, view: (b) => new Uint8Array(b.buffer, b.byteOffset, b.length) }],
  [0x09, { bytes: 1, view: (b) => new Int8Array(b.buffer, b.byteOffset, b.length) }],
  [0x0b, { bytes: 2, view: (b) => new Int16Array(b.buffer, b.byteOffset, b.length / 2) }],
  [0x0c, { bytes: 4, view: (b) => new Int32Array(b.buffer, b.byteOffset, b.length / 4) }],
  [0x0d, { bytes: 4, view: (b) => new Float32Array(b.buffer, b.byteOffset, b.length / 4) }],
  [0x0e, { bytes: 8, view: (b) => new Float64Array(b.buffer, b.byteOffset, b.length / 8) }],
]);

const MAX_BYTES = 2 ** 31;
const DAMAGED = 'The file is damaged or not an IDX file: fetch it again.';

/**
 * Reads a whole IDX file, plain or gzip.
 *
 * @param maxBytes refuse files with more bytes of elements than this, however small they are packed
 * @throws DataError naming the file, the byte (of the unpacked file), what was expected there and what was found
 */
export async function readIdx(path: string, { maxBytes = MAX_BYTES } = {}): Promise<IdxArray> {
  const file = await openChunks(path);
  const reader = new ByteReader(file);
  try {
    const { type, shape } = await readHeader(path, reader);
    const dataOffset = reader.offset;
    const length = shape.reduce((product, size) => product * size, type.bytes);
    const header = `its dimensions [${shape.join(', ')}] at byte 4 ask for`;
    if (length > maxBytes) {
      throw new DataError(
        `${path}: expected at most ${maxBytes} bytes of elements, received a header of ${length}: ${header} them. ` +
          DAMAGED,
      );
    }
    if (dataOffset + length > file.mostBytes) {
      const held = file.gzip ? `a gzip file that cannot hold more than ${file.mostBytes}` : `${file.mostBytes}`;
      throw new DataError(
        `${path}: expected ${dataOffset + length} bytes, as ${header}, received ${held}. ` +
          'The file was cut short or its header is damaged: fetch it again.',
      );
    }
    const bytes = await reader.read(length);
    if (bytes.length < length) {
      throw new DataError(
        `${path}: expected ${dataOffset + length} bytes, as ${header}, received the end of the file at byte ` +
          `${reader.offset}. The file was cut short: fetch it again.`,
      );
    }
    // Reading past the end also makes gzip verify its checksum.
    if ((await reader.read(1)).length > 0) {
      throw new DataError(
        `${path}: expected the end of the file at byte ${dataOffset + length}, as ${header}, received more bytes. ` +
          DAMAGED,
      );
    }
    const elements = toHostOrder(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length), type.bytes, false);
    return { path, data: type.view(elements), shape, dataOffset };
  } finally {
    await reader.close();
  }
}

async function readHeader(path: string, reader: ByteReader): Promise<{ type: ElementType; shape: number[] }> {
  const magic = await reader.read(4);
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
  const type = ELEMENT_TYPES.get(code);
  if (type === undefined) {
    const codes = [...ELEMENT_TYPES.keys()].map(hex).join(', ');
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
  return { type, shape };
}

function hex(byte: number | undefined): string {
  return `0x${(byte ?? 0).toString(16).padStart(2, '0')}`;
}
