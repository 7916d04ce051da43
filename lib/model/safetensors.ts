import { endianness } from 'node:os';
import { ModelFileError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { type Shape, sizeOf } from '../util/shape.js';

/**
 * The safetensors format (https://huggingface.co/docs/safetensors): eight bytes with the length of a JSON header, little
 * endian; the header, which gives dtype, shape and place of each tensor; then the tensors, without holes.
 */

export interface Tensor {
  readonly data: Float32Array;
  readonly shape: Shape;
}

const LENGTH_BYTES = 8;
/** The format's own limit. */
const MOST_HEADER_BYTES = 100_000_000;

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Throws what the caller has to say of a fault, such as `expected ${expected} in ${path}, received ${received}`. */
export type Fail = (expected: string, received: string) => never;

/** A file of float32 tensors, in the order given. */
export function encodeSafetensors(
  tensors: Readonly<Record<string, Tensor>>,
  metadata: Readonly<Record<string, string>>,
): Uint8Array {
  let offset = 0;
  const header: Record<string, unknown> = { __metadata__: metadata };
  for (const [name, { data, shape }] of Object.entries(tensors)) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const text = Buffer.from(JSON.stringify(header));
  const headerBytes = Math.ceil(text.length / 8) * 8; // tensors begin aligned; the format pads with spaces
  const file = Buffer.alloc(LENGTH_BYTES + headerBytes + offset, ' ');
  file.writeBigUInt64LE(BigInt(headerBytes));
  text.copy(file, LENGTH_BYTES);
  let at = LENGTH_BYTES + headerBytes;
  for (const { data } of Object.values(tensors)) {
    file.set(littleEndian(data), at);
    at += data.byteLength;
  }
  return file;
}

/**
 * The float32 tensors of a file, by name. `path` is for messages.
 *
 * @throws ModelFileError when the file is cut short or is no safetensors file of float32 tensors
 */
export function decodeSafetensors(path: string, file: Buffer): Map<string, Tensor> {
  const fail: Fail = (expected, received) => {
    throw new ModelFileError(
      `loadModel: expected ${expected} in ${path}, received ${received}. The file is damaged or no safetensors file of float32 tensors.`,
    );
  };
  return decodeWithMetadata(file, fail).tensors;
}

/** The same with the texts beside them. */
export function decodeWithMetadata(
  file: Buffer,
  fail: Fail,
): { tensors: Map<string, Tensor>; metadata: Readonly<Record<string, string>> } {
  const { header, dataStart } = readHeader(file, fail);
  const tensors = new Map<string, Tensor>();
  const dataBytes = file.length - dataStart;
  let expected = 0;
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__') as [string, Entry][];
  for (const [name, entry] of entries) checkEntry(name, entry, fail);
  entries.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0]);
  for (const [
    name,
    {
      shape,
      data_offsets: [begin, end],
    },
  ] of entries) {
    if (begin !== expected || end > dataBytes || end - begin !== sizeOf(shape) * 4) {
      fail(
        `${sizeOf(shape) * 4} bytes from ${expected} on for tensor ${name}`,
        `bytes ${begin} to ${end} of ${dataBytes}`,
      );
    }
    expected = end;
    // A copy: it need not begin at a multiple of 4.
    const bytes = Uint8Array.from(file.subarray(dataStart + begin, dataStart + end));
    tensors.set(name, { data: new Float32Array(littleEndian(new Float32Array(bytes.buffer)).buffer), shape });
  }
  if (expected !== dataBytes) fail(`${expected} bytes of tensors`, `${dataBytes}`);
  return { tensors, metadata: metadataOf(header, fail) };
}

function metadataOf({ __metadata__: metadata = {} }: Record<string, unknown>, fail: Fail): Record<string, string> {
  if (isPlainObject(metadata) && Object.values(metadata).every((text) => typeof text === 'string')) {
    return metadata as Record<string, string>;
  }
  return fail('an object of texts for __metadata__', describe(metadata));
}

/** The bytes of numbers in the order of the format, and back. On most machines they are in it already. */
export function littleEndian(data: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(data.buffer as ArrayBuffer, data.byteOffset, data.byteLength);
  if (endianness() === 'LE') return bytes;
  const swapped = Uint8Array.from(bytes);
  Buffer.from(swapped.buffer).swap32();
  return swapped;
}

function readHeader(file: Buffer, fail: Fail): { header: Record<string, unknown>; dataStart: number } {
  if (file.length < LENGTH_BYTES) fail('at least 8 bytes', `${file.length}`);
  const bytes = Number(file.readBigUInt64LE());
  const dataStart = LENGTH_BYTES + bytes;
  if (bytes > MOST_HEADER_BYTES || dataStart > file.length) {
    fail(`a header of ${bytes} bytes, as its first 8 bytes say`, `a file of ${file.length} bytes`);
  }
  let header: unknown;
  try {
    header = JSON.parse(file.toString('utf8', LENGTH_BYTES, dataStart));
  } catch (error) {
    fail('a header in JSON', (error as Error).message);
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) {
    fail('an object for the header', describe(header));
  }
  return { header: header as Record<string, unknown>, dataStart };
}

function checkEntry(name: string, entry: Partial<Entry> | null, fail: Fail): void {
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0;
  const { dtype, shape, data_offsets: offsets } = entry ?? {};
  if (dtype !== 'F32') fail(`dtype F32 for tensor ${name}`, describe(dtype));
  if (!Array.isArray(shape) || !shape.every(isSize)) fail(`a shape for tensor ${name}`, describe(shape));
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    fail(`two data_offsets for tensor ${name}`, describe(offsets));
  }
}
