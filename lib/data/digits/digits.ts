import { setImmediate } from 'node:timers/promises';
import { InvalidArgumentError } from '../../errors/index.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { Philox } from '../../util/philox.js';
import { RandomUse, randomStream } from '../../util/random-stream.js';
import { shuffle } from '../../util/shuffle.js';
import { CATALOG } from '../catalog.js';
import type { Dataset, DatasetSplit } from '../dataset.js';
import { Canvas, PIXELS, SIDE } from './canvas.js';
import { drawDigit } from './draw-digit.js';

const WHO = 'datasets.digits';
const { classNames: CLASS_NAMES, mean, std } = CATALOG.digits;
const LARGEST_SIZE = 1_000_000;
/** About two milliseconds of drawing, so that timers and requests of the process are served meanwhile. */
const DIGITS_PER_TURN = 32;

/** Options of `datasets.digits`. */
export interface DigitsOptions {
  /**
   * Integer from 0 to 2^53 - 1. The same seed gives the same set, to the bit, on every machine.
   * @default 0
   */
  seed?: number | undefined;
  /**
   * Number of training digits, from 1 to 1 000 000.
   * @default 12000
   */
  train?: number | undefined;
  /**
   * Number of test digits, from 1 to 1 000 000.
   * @default 2000
   */
  test?: number | undefined;
}

/**
 * Digits that need no files: 28x28, grey, drawn from strokes with random slant, scale, shift, thickness and noise, the
 * ten classes equally often and in random order. Training and test digits come from different random streams. `mean` and
 * `std` are those of the default set; those of others differ in the third decimal.
 *
 * ```ts
 * const { train, test } = await datasets.digits();
 * ```
 *
 * @throws InvalidArgumentError when an option is not what it should be
 */
export async function digits(options: DigitsOptions = {}): Promise<DatasetSplit> {
  checkOptions(WHO, options, ['seed', 'train', 'test']);
  const seed = integerOption(options, 'seed', 0, 0, Number.MAX_SAFE_INTEGER);
  const train = integerOption(options, 'train', 12_000, 1, LARGEST_SIZE);
  const test = integerOption(options, 'test', 2_000, 1, LARGEST_SIZE);
  return {
    train: await drawSet(seed, train, RandomUse.digitTrainImages),
    test: await drawSet(seed, test, RandomUse.digitTestImages),
  };
}

async function drawSet(seed: number, size: number, use: RandomUse): Promise<Dataset> {
  const labels = new Int32Array(size);
  for (let i = 0; i < size; i++) labels[i] = i % CLASS_NAMES.length;
  shuffle(labels, seed, randomStream(RandomUse.digitLabels, use));

  const images = new Uint8Array(size * PIXELS);
  const canvas = new Canvas();
  for (let i = 0; i < size; i++) {
    if (i % DIGITS_PER_TURN === 0) await setImmediate();
    // A stream for each digit, so that none depends on how much the others drew.
    drawDigit(labels[i] as number, new Philox(seed, randomStream(use, i)), canvas, images, i * PIXELS);
  }
  const classes = CLASS_NAMES.length;
  return { images, labels, shape: [1, SIDE, SIDE], size, classes, classNames: CLASS_NAMES, mean, std };
}

function integerOption(
  options: DigitsOptions,
  name: keyof DigitsOptions,
  byDefault: number,
  low: number,
  high: number,
): number {
  const value = options[name] === undefined ? byDefault : options[name];
  if (!Number.isInteger(value) || value < low || value > high) {
    throw new InvalidArgumentError(
      `${WHO}: expected an integer from ${low} to ${high} for ${name}, received ${describe(value)}.`,
    );
  }
  return value;
}
