import { type FileHandle, open, stat } from 'node:fs/promises';
import { endianness } from 'node:os';
import { DataError } from '../../errors/index.js';
import { formatShape, sizeOf } from '../../util/shape.js';
import { dtypeOf } from '../npy/dtype.js';
import { type NpyHeader, parseHeader } from '../npy/header.js';

/** What the header of a file of numbers says. */
export interface ArrayFile {
  readonly path: string;
  readonly kind: 'IDX' | 'npy';
  readonly element: Element;
  readonly shape: readonly number[];
  /** Whether elements are in the other byte order than this machine's. */
  readonly swapped: boolean;
  /** Where the first element lies. */
  readonly start: number;
}

export type Element = 'uint8' | 'int8' | 'int16' | 'uint16' | 'int32' | 'uint32' | 'int64' | 'float32' | 'float64';

export const ELEMENT_BYTES: Readonly<Record<Element, number>> = {
  uint8: 1,
  int8: 1,
  int16: 2,
  uint16: 2,
  int32: 4,
  uint32: 4,
  int64: 8,
  float32: 4,
  float64: 8,
};

const IDX_ELEMENTS: Readonly<Record<number, Element>> = {
  8: 'uint8',
  9: 'int8',
  11: 'int16',
  12: 'int32',
  13: 'float32',
  14: 'float64',
};
const NPY_ELEMENTS: Readonly<Record<string, Element>> = {
  u1: 'uint8',
  i1: 'int8',
  u2: 'uint16',
  i2: 'int16',
  u4: 'uint32',
  i4: 'int32',
  i8: 'int64',
  f4: 'float32',
  f8: 'float64',
};
const MOST_HEADER_BYTES = 2 ** 16;
const BIG = endianness() === 'BE';

/** Reads the header of an IDX or npy file, and checks the file's length by it. @throws DataError when it is neither */
export async function openArrayFile(path: string): Promise<ArrayFile> {
  let handle: FileHandle | undefined;
  try {
    if (!(await stat(path)).isFile()) throw new DataError(`${path}: expected a file, received a folder or a device.`);
    handle = await open(path, 'r');
    const { size } = await handle.stat();
    const bytes = new Uint8Array(Math.min(size, MOST_HEADER_BYTES));
    await handle.read(bytes, 0, bytes.length, 0);
    const file = parse(path, bytes);
    const length = file.start + sizeOf(file.shape) * ELEMENT_BYTES[file.element];
    if (length === size) return file;
    throw new DataError(
      `${path}: expected ${length} bytes, as its header of ${file.element} ${formatShape(file.shape)} asks for, received ` +
        `${size}. The file was cut short or its header is damaged: fetch it again.`,
    );
  } catch (error) {
    if (error instanceof DataError) throw error;
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === 'ENOENT' ? 'no file of that name' : message;
    throw new DataError(`${path}: expected a readable file, received ${reason}.`, { cause: error });
  } finally {
    await handle?.close();
  }
}

function parse(path: string, bytes: Uint8Array): ArrayFile {
  const start = String.fromCharCode(...bytes.subarray(0, 6));
  if (start.startsWith('\x1f\x8b')) {
    throw new DataError(
      `${path}: expected a plain file, received a gzip one, which has no positions. Unpack it: gunzip.`,
    );
  }
  if (start === '\x93NUMPY') return parseNpy(path, bytes);
  if (start.startsWith('\0\0')) return parseIdx(path, bytes);
  throw new DataError(`${path}: expected an IDX or npy file, received one that begins otherwise.`);
}

function parseIdx(path: string, bytes: Uint8Array): ArrayFile {
  const [, , code = 0, rank = 0] = bytes;
  const element = IDX_ELEMENTS[code];
  if (element === undefined || rank === 0 || bytes.length < 4 + 4 * rank) {
    throw new DataError(
      `${path}: expected an element type from 0x08 and a number of dimensions at byte 2, received 0x${code.toString(16)} and ` +
        `${rank} in a file of ${bytes.length} bytes. The file is damaged or not an IDX file: fetch it again.`,
    );
  }
  const view = new DataView(bytes.buffer);
  const shape = Array.from({ length: rank }, (_, i) => view.getUint32(4 + 4 * i));
  return { path, kind: 'IDX', element, shape: checkSizes(path, shape), swapped: !BIG, start: 4 + 4 * rank };
}

/** https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html */
function parseNpy(path: string, bytes: Uint8Array): ArrayFile {
  const view = new DataView(bytes.buffer);
  const [version = 0, minor = 0] = bytes.subarray(6);
  const before = version === 1 ? 10 : 12;
  const length = bytes.length < before ? 0 : version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  const fail = (received: string): never => {
    throw new DataError(
      `${path}: expected an npy file of version 1 to 3 with integers or floats, received ${received}. Convert it with numpy: ` +
        "array.astype('uint8').",
    );
  };
  if (version < 1 || version > 3 || minor !== 0) fail(`version ${version}.${minor}`);
  if (length === 0 || before + length > bytes.length)
    fail(`a header of ${length} bytes in a file cut short or damaged`);
  const { descr, fortranOrder, shape } = headerOf(bytes.subarray(before, before + length), version, fail);
  const dtype = dtypeOf(descr);
  const element = dtype && NPY_ELEMENTS[dtype.type];
  if (!dtype || element === undefined) return fail(JSON.stringify(descr.slice(0, 40)));
  if (fortranOrder) {
    throw new DataError(
      `${path}: expected an array in C order, received one in Fortran order. Save numpy.ascontiguousarray(array).`,
    );
  }
  const swapped = ELEMENT_BYTES[element] > 1 && dtype.littleEndian === BIG;
  return { path, kind: 'npy', element, shape: checkSizes(path, shape), swapped, start: before + length };
}

function headerOf(bytes: Uint8Array, version: number, fail: (received: string) => never): NpyHeader {
  const text = new TextDecoder(version === 3 ? 'utf-8' : 'latin1').decode(bytes);
  try {
    return parseHeader(text);
  } catch (error) {
    return fail(`a header that is not one: expected ${(error as Error).message}`);
  }
}

function checkSizes(path: string, shape: readonly number[]): readonly number[] {
  const whole = shape.length > 0 && shape.every((size) => size >= 1 && size < 2 ** 31);
  if (whole && Number.isSafeInteger(8 * sizeOf(shape))) return shape;
  throw new DataError(`${path}: expected dimensions from 1, received ${formatShape(shape)}. The file is damaged.`);
}
