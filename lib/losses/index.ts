import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import { BaseLoss } from './base-loss.js';
import { BinaryCrossentropy, type BinaryCrossentropyOptions } from './binary-crossentropy.js';
import { CategoricalCrossentropy } from './categorical-crossentropy.js';
import type { ClassLossOptions } from './class-loss.js';
import type { CategoricalCrossentropyOptions } from './cross-entropy-loss.js';
import { HalfSumOfSquares } from './half-sum-of-squares.js';
import { Hinge } from './hinge.js';
import { Huber, type HuberOptions } from './huber.js';
import { KlDivergence } from './kl-divergence.js';
import type { Loss, LossConfig, LossName, LossOptions } from './loss.js';
import { MeanAbsoluteError } from './mean-absolute-error.js';
import { MeanSquaredError } from './mean-squared-error.js';
import { SparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.js';

export type { BinaryCrossentropyOptions } from './binary-crossentropy.js';
export type { ClassLossOptions } from './class-loss.js';
export type { CategoricalCrossentropyOptions } from './cross-entropy-loss.js';
export type { HuberOptions } from './huber.js';
export type { Loss, LossConfig, LossName, LossOptions, Reduction, Thresholds } from './loss.js';

/**
 * Losses by name, with options. `compile({ loss })` takes these, or a name for the defaults.
 *
 * @namespace
 */
export const losses = {
  /** Yes-or-no questions, one for each output; targets from 0 to 1. */
  binaryCrossentropy: (options?: BinaryCrossentropyOptions): Loss => new BinaryCrossentropy(options),
  /** Classes, by one-hot or soft targets. */
  categoricalCrossentropy: (options?: CategoricalCrossentropyOptions): Loss => new CategoricalCrossentropy(options),
  /** `1/2 sum (y - t)^2` of each sample. */
  halfSumOfSquares: (options?: LossOptions): Loss => new HalfSumOfSquares(options),
  /** `max(0, 1 - t y)`, targets -1 or 1. */
  hinge: (options?: LossOptions): Loss => new Hinge(options),
  /** A square near the target, a straight line beyond. */
  huber: (options?: HuberOptions): Loss => new Huber(options),
  /** Kullback-Leibler divergence from soft targets. */
  klDivergence: (options?: ClassLossOptions): Loss => new KlDivergence(options),
  /** `mean |y - t|`. */
  meanAbsoluteError: (options?: LossOptions): Loss => new MeanAbsoluteError(options),
  /** `mean (y - t)^2`. */
  meanSquaredError: (options?: LossOptions): Loss => new MeanSquaredError(options),
  /** Classes, by integer labels. */
  sparseCategoricalCrossentropy: (options?: CategoricalCrossentropyOptions): Loss =>
    new SparseCategoricalCrossentropy(options),
} as const satisfies Record<LossName, (options?: never) => Loss>;

const NAMES = Object.keys(losses) as LossName[];

/** @throws InvalidArgumentError unless `name` is the name of a loss */
export function lossFromName(who: string, name: unknown): Loss {
  return losses[checkChoice(who, 'loss', name, NAMES)]();
}

/** A loss given as such or by name. @throws InvalidArgumentError otherwise */
export function lossFrom(who: string, loss: unknown): Loss {
  if (loss instanceof BaseLoss) return loss;
  if (typeof loss === 'string') return lossFromName(who, loss);
  const names = NAMES.map((name) => `'${name}'`).join(', ');
  throw new InvalidArgumentError(
    `${who}: expected one of ${names} for loss, or one with options such as losses.huber({ delta: 2 }), received ` +
      `${describe(loss)}.`,
  );
}

/** The loss that a `config()` describes, or a name. */
export function lossFromConfig(who: string, config: string | LossConfig): Loss {
  if (typeof config === 'string') return lossFromName(who, config);
  const { type, ...options } = config;
  return losses[checkChoice(who, 'type of the loss', type, NAMES)](options);
}

/** A loss as saved models hold it: by its name where that says everything. */
export function configOf(loss: Loss): string | LossConfig {
  const config = loss.config();
  if (loss instanceof BaseLoss && loss.saysLogits) return config;
  return JSON.stringify(config) === JSON.stringify(lossFromName('', loss.name).config()) ? loss.name : config;
}
