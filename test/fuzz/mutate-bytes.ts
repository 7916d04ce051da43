import type { Philox } from '#lib/util/philox.js';
import { pick } from '../helpers/values.js';

/** Sizes, counts and offsets that readers fall over. */
const HOSTILE = [
  ...[0n, 1n, 2n, 7n, 255n, 256n, 32767n, 32768n, 65535n, 65536n, 2n ** 24n, 2n ** 28n, 2n ** 31n - 1n, 2n ** 31n],
  ...[2n ** 32n - 1n, 2n ** 32n, 2n ** 40n, 2n ** 53n, 2n ** 53n + 1n, 2n ** 63n - 1n, 2n ** 63n, 2n ** 64n - 1n],
];
const DIGITS = ['-1', '0', '1e999', '1e308', '-0', '4294967296', '9007199254740993', '1e-400', '00', '2147483648'];
/** Where most formats keep what decides about the rest. */
const HEAD = 64;

/** Changes a file in one to four places, as damage, chance or malice would. */
export function mutateBytes(
  sample: Buffer,
  random: Philox,
  samples: readonly Buffer[],
  words: readonly Uint8Array[] = [],
): Buffer {
  let bytes: Buffer = Buffer.from(sample);
  for (let left = 1 + random.nextInt(4); left > 0 && bytes.length > 0; left--) {
    bytes = pick(random, CHANGES)({ bytes, random, samples, words });
  }
  return bytes;
}

interface Change {
  readonly bytes: Buffer;
  readonly random: Philox;
  readonly samples: readonly Buffer[];
  readonly words: readonly Uint8Array[];
}

const CHANGES: readonly ((change: Change) => Buffer)[] = [
  // Cut short.
  ({ bytes, random }) => bytes.subarray(0, placeIn(bytes, random)),
  // A bit flipped.
  ({ bytes, random }) => {
    const at = placeIn(bytes, random);
    bytes[at] = (bytes[at] as number) ^ (1 << random.nextInt(8));
    return bytes;
  },
  // Another byte.
  ({ bytes, random }) => {
    bytes[placeIn(bytes, random)] = random.nextInt(256);
    return bytes;
  },
  // A hostile number in place of what is there, as fields of lengths are.
  ({ bytes, random }) => {
    const width = pick(random, [1, 2, 4, 8]);
    return splice(bytes, placeIn(bytes, random), width, numberBytes(pick(random, HOSTILE), width, random));
  },
  // A field a little larger or smaller.
  ({ bytes, random }) => {
    const at = placeIn(bytes, random);
    bytes[at] = (bytes[at] as number) + pick(random, [1, -1, 16, -16]);
    return bytes;
  },
  // A piece left out.
  ({ bytes, random }) => splice(bytes, placeIn(bytes, random), pieceOf(bytes, random), Buffer.alloc(0)),
  // A piece repeated, here or elsewhere.
  ({ bytes, random }) => {
    const from = placeIn(bytes, random);
    const piece = Buffer.from(bytes.subarray(from, from + pieceOf(bytes, random)));
    return splice(bytes, random.nextInt(2) ? from : placeIn(bytes, random), 0, piece);
  },
  // The end of another file.
  ({ bytes, random, samples }) => {
    const other = pick(random, samples);
    return Buffer.concat([bytes.subarray(0, placeIn(bytes, random)), other.subarray(placeIn(other, random))]);
  },
  // Something behind the end.
  ({ bytes, random }) => Buffer.concat([bytes, Buffer.alloc(1 + random.nextInt(2000), random.nextInt(256))]),
  // A stretch of one byte.
  ({ bytes, random }) => {
    const at = placeIn(bytes, random);
    bytes.subarray(at, at + pieceOf(bytes, random)).fill(pick(random, [0, 0xff, 0x20, 0x80]));
    return bytes;
  },
  // A word of the format, or digits that are hardly a number.
  ({ bytes, random, words }) => {
    const word =
      random.nextInt(4) === 0 || words.length === 0 ? Buffer.from(pick(random, DIGITS)) : pick(random, words);
    return splice(bytes, placeIn(bytes, random), random.nextInt(2) ? word.length : 0, word);
  },
];

/** A position, more often near the front. */
function placeIn(bytes: Buffer, random: Philox): number {
  return random.nextInt(random.nextInt(2) ? bytes.length : Math.min(bytes.length, HEAD));
}

function pieceOf(bytes: Buffer, random: Philox): number {
  return 1 + random.nextInt(random.nextInt(4) ? Math.min(bytes.length, 32) : bytes.length);
}

function splice(bytes: Buffer, at: number, count: number, inserted: Uint8Array): Buffer {
  return Buffer.concat([bytes.subarray(0, at), inserted, bytes.subarray(at + count)]);
}

function numberBytes(value: bigint, width: number, random: Philox): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64LE(value);
  const low = bytes.subarray(0, width);
  return random.nextInt(2) ? low : low.reverse();
}
