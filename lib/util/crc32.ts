import * as zlib from 'node:zlib';

const TABLE = Int32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

/** CRC-32 as zip and gzip have it (ISO 3309), of bytes that follow those of which `sum` is. */
export const crc32: (bytes: Uint8Array, sum?: number) => number =
  'crc32' in zlib && typeof zlib.crc32 === 'function' ? (zlib.crc32 as typeof tableCrc32) : tableCrc32;

/** For Node before 20.15, whose zlib keeps its own to itself. */
export function tableCrc32(bytes: Uint8Array, sum = 0): number {
  let value = ~sum;
  for (const byte of bytes) value = (TABLE[(value ^ byte) & 0xff] as number) ^ (value >>> 8);
  return ~value >>> 0;
}
