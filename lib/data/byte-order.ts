import { endianness } from 'node:os';

/** Turns the bytes of each item round, in place, where this machine's order is another. */
export function toHostOrder(bytes: Buffer, itemBytes: number, littleEndian: boolean): Buffer {
  if (littleEndian === (endianness() === 'LE')) return bytes;
  if (itemBytes === 2) return bytes.swap16();
  if (itemBytes === 4) return bytes.swap32();
  if (itemBytes === 8) return bytes.swap64();
  return bytes;
}
