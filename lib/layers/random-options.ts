import { checkInteger, checkNumber } from '../util/check.js';
import type { LayerOptions } from './layer.js';

/** Options of layers that draw random numbers while training. */
export interface RandomOptions extends LayerOptions {
  /**
   * Draws from this seed instead of the model's: an integer from 0 to 2^53 - 1. Layers with the same seed still draw different
   * numbers.
   * @default the model's
   */
  seed?: number;
}

export function checkSeed(who: string, seed: unknown): number | undefined {
  return seed === undefined ? undefined : checkInteger(who, 'seed', seed, 0);
}

/** @throws InvalidArgumentError unless `rate` is a share that leaves something */
export function checkRate(who: string, rate: unknown): number {
  return checkNumber(who, 'rate', rate, 0, 1 - Number.EPSILON);
}
