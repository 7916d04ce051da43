import { Buffer } from 'node:buffer';
import { DataError } from '../errors/index.js';
import { toHostOrder } from './byte-order.js';
import { ByteReader } from './byte-reader.js';
import { openChunks } from './file-chunks.js';
import { DAMAGED, type IdxCode, readIdxHeader } from './idx-header.js';

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

const ELEMENT_TYPES: Readonly<Record<IdxCode, ElementType>> = {
  8: { bytes: 1, view: (b) => new Uint8Array(b.buffer, b.byteOffset, b.length) },
  9: { bytes: 1, view: (b) => new Int8Array(b.buffer, b.byteOffset, b.length) },
  11: { bytes: 2, view: (b) => new Int16Array(b.buffer, b.byteOffset, b.length / 2) },
  12: { bytes: 4, view: (b) => new Int32Array(b.buffer, b.byteOffset, b.length / 4) },
  13: { bytes: 4, view: (b) => new Float32Array(b.buffer, b.byteOffset, b.length / 4) },
  14: { bytes: 8, view: (b) => new Float64Array(b.buffer, b.byteOffset, b.length / 8) },
};

const MAX_BYTES = 2 ** 31;

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
    const { code, shape } = await readIdxHeader(path, reader);
    const type = ELEMENT_TYPES[code];
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
