import { native } from '../native.js';
import { splitSeed } from './philox.js';

/**
 * Puts values in random order, in place (Fisher-Yates), by the numbers of a stream: natively, for the order of an epoch is waited for.
 *
 * @param seed and stream as for `Philox`
 */
export function shuffle(values: Int32Array, seed: number | bigint, stream: number): void {
  native.shuffle(values, words(seed), words(stream));
}

/** Fills an array with integers from 0 to n - 1, each drawn for itself, by the numbers of a stream. */
export function drawIntegers(into: Int32Array, n: number, seed: number | bigint, stream: number): void {
  native.drawIntegers(into, n, words(seed), words(stream));
}

function words(number: number | bigint): Int32Array {
  return Int32Array.from(splitSeed(number));
}
