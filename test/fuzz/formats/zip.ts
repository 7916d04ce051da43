import type { Philox } from '#lib/util/philox.js';
import { mutateBytes } from '../mutate-bytes.js';

/** Where the list of a zip file's entries begins. */
function directoryOf(zip: Buffer): number {
  const at = zip.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  return zip.readUInt32LE(at + 16);
}

/** Damage anywhere, or in the list of entries alone. */
export function changeZip(sample: Buffer, random: Philox, all: readonly Buffer[]): Buffer {
  if (random.nextInt(2)) return mutateBytes(sample, random, all, zipWords);
  const at = directoryOf(sample);
  const others = all.map((other) => other.subarray(directoryOf(other)));
  return Buffer.concat([sample.subarray(0, at), mutateBytes(sample.subarray(at), random, others, zipWords)]);
}

const zipWords = [
  ...['PK\x01\x02', 'PK\x03\x04', 'PK\x05\x06', 'PK\x06\x06', 'PK\x06\x07', 'PK\x07\x08', '../', '/', 'C:\\', '\0'],
  ...['x_train.npy', 'train.bin', '\x01\x00\x1c\x00'],
].map((word) => Buffer.from(word, 'latin1'));
