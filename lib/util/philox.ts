import { InvalidArgumentError } from '../errors/index.js';

/**
 * Philox4x32-10 (Salmon, Moraes, Dror, Shaw: "Parallel Random Numbers: As Easy as 1, 2, 3", 2011): random numbers as a
 * pure function of a counter and a key, so any number of any stream can be had without drawing those before it.
 */

const TWO_32 = 2 ** 32;
const MULTIPLIER_0 = 0xd2511f53;
const MULTIPLIER_1 = 0xcd9e8d57;
const WEYL_0 = 0x9e3779b9;
const WEYL_1 = 0xbb67ae85;
const ROUNDS = 10;

export type PhiloxBlock = [number, number, number, number];

/** The four random words (unsigned 32-bit) that belong to a counter and a key. */
export function philox4x32(
  counter: readonly [number, number, number, number],
  key: readonly [number, number],
): PhiloxBlock {
  const block: PhiloxBlock = [0, 0, 0, 0];
  encrypt(block, counter[0], counter[1], counter[2], counter[3], key[0], key[1]);
  return block;
}

/**
 * A stream of random numbers.
 *
 * The seed is the key; the counter's low half counts blocks of four words, its high half is the stream. Streams of one
 * seed never overlap, so each use takes its own: see `randomStream`.
 */
export class Philox {
  readonly #key0: number;
  readonly #key1: number;
  readonly #stream0: number;
  readonly #stream1: number;
  readonly #words: PhiloxBlock = [0, 0, 0, 0];
  #block = 0;
  #used = 4;
  #spareNormal: number | undefined;

  /**
   * @param seed integer from 0 to 2^53 - 1, or a bigint from 0 to 2^64 - 1
   * @param stream integer from 0 to 2^53 - 1
   */
  constructor(seed: number | bigint, stream = 0) {
    [this.#key0, this.#key1] = splitSeed(seed);
    if (!Number.isSafeInteger(stream) || stream < 0) {
      throw new InvalidArgumentError(
        `Philox: expected an integer from 0 to 2^53 - 1 for stream, received ${String(stream)}.`,
      );
    }
    this.#stream0 = stream >>> 0;
    this.#stream1 = Math.floor(stream / TWO_32);
  }

  /** An integer from 0 to 2^32 - 1. */
  nextUint32(): number {
    if (this.#used === 4) {
      const block = this.#block++;
      encrypt(
        this.#words,
        block >>> 0,
        Math.floor(block / TWO_32),
        this.#stream0,
        this.#stream1,
        this.#key0,
        this.#key1,
      );
      this.#used = 0;
    }
    return this.#words[this.#used++] as number;
  }

  /** A number in [0, 1) with 24 random bits: exact in float32. */
  nextFloat(): number {
    return (this.nextUint32() >>> 8) / 2 ** 24;
  }

  /** A number in [0, 1) with 53 random bits. */
  nextDouble(): number {
    const high = this.nextUint32() >>> 5;
    const low = this.nextUint32() >>> 6;
    return (high * 2 ** 26 + low) / 2 ** 53;
  }

  /** An integer from 0 to n - 1, each equally likely. `n` is an integer from 1 to 2^32. */
  nextInt(n: number): number {
    if (!Number.isInteger(n) || n < 1 || n > TWO_32) {
      throw new InvalidArgumentError(
        `Philox.nextInt: expected an integer from 1 to 2^32 for n, received ${String(n)}.`,
      );
    }
    // Words past the last whole multiple of n would favour the small remainders.
    const limit = TWO_32 - (TWO_32 % n);
    let word = this.nextUint32();
    while (word >= limit) word = this.nextUint32();
    return word % n;
  }

  /** A normally distributed number, mean 0 and deviation 1 (Box-Muller). */
  nextNormal(): number {
    if (this.#spareNormal !== undefined) {
      const spare = this.#spareNormal;
      this.#spareNormal = undefined;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - this.nextDouble()));
    const angle = 2 * Math.PI * this.nextDouble();
    this.#spareNormal = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }
}

function encrypt(
  out: PhiloxBlock,
  counter0: number,
  counter1: number,
  counter2: number,
  counter3: number,
  key0: number,
  key1: number,
): void {
  let c0 = counter0 | 0;
  let c1 = counter1 | 0;
  let c2 = counter2 | 0;
  let c3 = counter3 | 0;
  let k0 = key0 | 0;
  let k1 = key1 | 0;
  for (let round = 0; round < ROUNDS; round++) {
    const high0 = multiplyHigh(MULTIPLIER_0, c0);
    const high1 = multiplyHigh(MULTIPLIER_1, c2);
    const low0 = Math.imul(MULTIPLIER_0, c0);
    const low1 = Math.imul(MULTIPLIER_1, c2);
    c0 = high1 ^ c1 ^ k0;
    c1 = low1;
    c2 = high0 ^ c3 ^ k1;
    c3 = low0;
    k0 = (k0 + WEYL_0) | 0;
    k1 = (k1 + WEYL_1) | 0;
  }
  out[0] = c0 >>> 0;
  out[1] = c1 >>> 0;
  out[2] = c2 >>> 0;
  out[3] = c3 >>> 0;
}

/** Upper 32 bits of the 64-bit product, in 16-bit halves because a double holds only 53 bits. */
function multiplyHigh(a: number, b: number): number {
  const aLow = a & 0xffff;
  const aHigh = a >>> 16;
  const bLow = b & 0xffff;
  const bHigh = b >>> 16;
  const middle = aHigh * bLow + (Math.imul(aLow, bLow) >>> 16);
  const carry = aLow * bHigh + (middle & 0xffff);
  // middle and carry stay below 2^32, where >>> is exact.
  return (aHigh * bHigh + (middle >>> 16) + (carry >>> 16)) | 0;
}

/** The two words of a key. */
export function splitSeed(seed: number | bigint): [number, number] {
  if (typeof seed === 'bigint') {
    if (seed >= 0n && seed < 1n << 64n) return [Number(seed & 0xffffffffn), Number(seed >> 32n)];
  } else if (Number.isSafeInteger(seed) && seed >= 0) {
    return [seed >>> 0, Math.floor(seed / TWO_32)];
  }
  throw new InvalidArgumentError(
    `Philox: expected an integer from 0 to 2^53 - 1 (or a bigint below 2^64) for seed, received ${String(seed)}.`,
  );
}
