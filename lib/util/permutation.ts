import { InvalidArgumentError } from '../errors/index.js';
import { RandomUse, randomStream } from './random-stream.js';
import { drawIntegers, shuffle } from './shuffle.js';

/**
 * The numbers 0 to n - 1 in random order, a pure function of seed and epoch: any epoch's order can be had
 * without those before it, which is what lets a stopped run resume in the middle of one.
 *
 * @param n how many, from 0 to 2^31 - 1
 * @param seed as for `Philox`
 * @param epoch integer from 0 to 2^32 - 1
 * @param used where to write them, rather than into new memory: n numbers that nobody needs any more
 */
export function permutation(n: number, seed: number | bigint, epoch: number, used?: Int32Array): Int32Array {
  if (!Number.isInteger(n) || n < 0 || n >= 2 ** 31) {
    throw new InvalidArgumentError(`permutation: expected an integer from 0 to 2^31 - 1 for n, received ${String(n)}.`);
  }
  checkEpoch('permutation', epoch);
  const order = inOrder(n, 0, used);
  shuffle(order, seed, randomStream(RandomUse.permutation, epoch));
  return order;
}

/**
 * So many of the numbers 0 to n - 1, each drawn from all of them whatever was drawn before; a pure function of seed and epoch
 * as well.
 *
 * @param n from how many, from 1 to 2^31 - 1
 * @param count how many, from 0
 * @param seed as for `Philox`
 * @param epoch integer from 0 to 2^32 - 1
 */
export function withReplacement(n: number, count: number, seed: number | bigint, epoch: number): Int32Array {
  checkEpoch('withReplacement', epoch);
  const drawn = new Int32Array(count);
  drawIntegers(drawn, n, seed, randomStream(RandomUse.sampling, epoch));
  return drawn;
}

function checkEpoch(who: string, epoch: number): void {
  if (Number.isInteger(epoch) && epoch >= 0 && epoch < 2 ** 32) return;
  throw new InvalidArgumentError(
    `${who}: expected an integer from 0 to 2^32 - 1 for epoch, received ${String(epoch)}.`,
  );
}

/** So many numbers as they come, from the first on; written into `order`, where it is given. */
export function inOrder(n: number, first = 0, order: Int32Array = new Int32Array(n)): Int32Array {
  for (let i = 0; i < n; i++) order[i] = first + i;
  return order;
}
