import { maskedCrc32c } from './crc32c.js';

/** A record of a TFRecord file: length (uint64), its masked CRC, the data, its masked CRC; little-endian. */
export function frameRecord(data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(data.length + 16);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(data.length), true);
  view.setUint32(8, maskedCrc32c(bytes.subarray(0, 8)), true);
  bytes.set(data, 12);
  view.setUint32(12 + data.length, maskedCrc32c(data), true);
  return bytes;
}

/** Bytes of the records that are there as a whole. */
export function wholeRecords(bytes: Uint8Array): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = 0;
  while (end + 8 <= bytes.length) {
    const next = end + Number(view.getBigUint64(end, true)) + 16;
    if (next > bytes.length) break;
    end = next;
  }
  return end;
}
