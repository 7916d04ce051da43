import { endianness } from 'node:os';
import { DataError } from '../../errors/index.js';
import { formatShape, sizeOf } from '../../util/shape.js';
import { ByteReader } from '../byte-reader.js';
import { openChunks } from '../file-chunks.js';
import { type IdxCode, readIdxHeader } from '../idx-header.js';
import { beginsAsNpy, readNpyHeader } from '../npy/read-header.js';

/** What the header of a file of numbers says. */
export interface ArrayFile {
  readonly path: string;
  readonly element: Element;
  readonly shape: readonly number[];
  /** Whether elements are in the other byte order than this machine's. */
  readonly swapped: boolean;
  /** Where the first element lies. */
  readonly start: number;
}

export const ELEMENT_BYTES = {
  uint8: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  uint64: 8,
  float32: 4,
  float64: 8,
} as const;

export type Element = keyof typeof ELEMENT_BYTES;

const IDX_ELEMENTS: Readonly<Record<IdxCode, Element>> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
/** By dtype without the byte order. Truth values are bytes. */
const NPY_ELEMENTS: Readonly<Record<string, Element>> = {
  b1: 'uint8',
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  u8: 'uint64',
  i8: 'int64',
  f4: 'float32',
  f8: 'float64',
};
const MOST_SIZE = 2 ** 31 - 1;
/** Of the widest elements: the bytes of so many are still counted exactly. */
const MOST_ELEMENTS = 2 ** 50;
const BIG = endianness() === 'BE';

/** Reads the header of an IDX or npy file, and checks the file's length by it. @throws DataError when it is neither */
export async function openArrayFile(path: string): Promise<ArrayFile> {
  const chunked = await openChunks(path);
  const reader = new ByteReader(chunked);
  try {
    const start = await reader.read(4);
    if (chunked.gzip) {
      throw new DataError(
        `${path}: expected a plain file, received a gzip one, which has no positions. Unpack it: gunzip.`,
      );
    }
    const file = await readHeader(path, reader, start);
    checkSizes(file);
    const length = file.start + sizeOf(file.shape) * ELEMENT_BYTES[file.element];
    if (length === chunked.mostBytes) return file;
    throw new DataError(
      `${path}: expected ${length} bytes, as its header of ${file.element} ${formatShape(file.shape)} asks for, received ` +
        `${chunked.mostBytes}. The file was cut short or its header is damaged: fetch it again.`,
    );
  } finally {
    await reader.close();
  }
}

async function readHeader(path: string, reader: ByteReader, start: Uint8Array): Promise<ArrayFile> {
  if (beginsAsNpy(start)) return readNpy(path, reader, start);
  if (start[0] === 0 && start[1] === 0) {
    const { code, shape } = await readIdxHeader(path, reader, start);
    return { path, element: IDX_ELEMENTS[code], shape, swapped: !BIG, start: reader.offset };
  }
  throw new DataError(`${path}: expected an IDX or npy file, received one that begins otherwise.`);
}

async function readNpy(path: string, reader: ByteReader, start: Uint8Array): Promise<ArrayFile> {
  const { type, littleEndian, fortranOrder, shape } = await readNpyHeader(path, reader, start);
  if (fortranOrder) {
    throw new DataError(
      `${path}: expected an array in C order, received one in Fortran order. Save numpy.ascontiguousarray(array).`,
    );
  }
  const element = NPY_ELEMENTS[type] as Element;
  const swapped = ELEMENT_BYTES[element] > 1 && littleEndian === BIG;
  return { path, element, shape, swapped, start: reader.offset };
}

function checkSizes({ path, shape }: ArrayFile): void {
  const whole = shape.length > 0 && shape.every((size) => size >= 1 && size <= MOST_SIZE);
  if (whole && sizeOf(shape) < MOST_ELEMENTS) return;
  throw new DataError(
    `${path}: expected at least one dimension, each from 1 to ${MOST_SIZE}, and fewer than ${MOST_ELEMENTS} elements, received ` +
      `${formatShape(shape)}. The file is damaged.`,
  );
}
