/** The bytes of an IDX file: magic number, sizes, then the given bytes as elements (uint8 unless told otherwise). */
export function idxBytes(shape: readonly number[], elements: Uint8Array | readonly number[], type = 0x08): Buffer {
  const header = Buffer.alloc(4 + 4 * shape.length);
  header[2] = type;
  header[3] = shape.length;
  shape.forEach((size, dimension) => {
    header.writeUInt32BE(size, 4 + 4 * dimension);
  });
  return Buffer.concat([header, Uint8Array.from(elements)]);
}

/** Bytes 0, 1, 2, ... 255, 0, ... */
export function countingBytes(length: number): Uint8Array {
  return Uint8Array.from({ length }, (_, i) => i % 256);
}
