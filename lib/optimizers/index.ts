import { rateFromConfig } from '../schedules/index.js';
import { checkChoice } from '../util/check.js';
import { Adadelta, type AdadeltaOptions } from './adadelta.js';
import { Adagrad, type AdagradOptions } from './adagrad.js';
import { Adam, type AdamOptions } from './adam.js';
import { Adamw, type AdamwOptions } from './adamw.js';
import { Lion, type LionOptions } from './lion.js';
import { Muon, type MuonOptions } from './muon.js';
import { Nadam, type NadamOptions } from './nadam.js';
import type { Optimizer, OptimizerConfig } from './optimizer.js';
import { Rmsprop, type RmspropOptions } from './rmsprop.js';
import { Sgd, type SgdOptions } from './sgd.js';

/**
 * Optimizers by name.
 *
 * @namespace
 */
export const optimizers = {
  /** Stochastic gradient descent, with or without momentum. */
  sgd: (options?: SgdOptions): Sgd => new Sgd(options),
  /** Gradients divided by the root of their mean square. */
  rmsprop: (options?: RmspropOptions): Rmsprop => new Rmsprop(options),
  /** Gradients divided by the root of the sum of their squares. */
  adagrad: (options?: AdagradOptions): Adagrad => new Adagrad(options),
  /** Steps in the units of the weights. */
  adadelta: (options?: AdadeltaOptions): Adadelta => new Adadelta(options),
  /** Means of gradients, divided by the root of those of their squares. */
  adam: (options?: AdamOptions): Adam => new Adam(options),
  /** Adam with decoupled weight decay. */
  adamw: (options?: AdamwOptions): Adamw => new Adamw(options),
  /** Adam with Nesterov's momentum. */
  nadam: (options?: NadamOptions): Nadam => new Nadam(options),
  /** The sign of a moment. */
  lion: (options?: LionOptions): Lion => new Lion(options),
  /** Orthogonalised momentum for kernels, AdamW for the rest. */
  muon: (options?: MuonOptions): Muon => new Muon(options),
} as const;

export type { AdadeltaOptions } from './adadelta.js';
export type { AdagradOptions } from './adagrad.js';
export type { AdamOptions } from './adam.js';
export type { AdamwOptions } from './adamw.js';
export type { Average, AverageConfig } from './average.js';
export { averages } from './averages.js';
export type { DecayOptions, OptimizerOptions } from './base-optimizer.js';
export type { ClippingOptions } from './clipping.js';
export type { EmaOptions } from './ema.js';
export type { LionOptions } from './lion.js';
export type { LookaheadAlpha, LookaheadOptions } from './lookahead.js';
export type { MomentOptions } from './moments.js';
export type { MuonOptions, MuonOthersOptions } from './muon.js';
export type { NadamOptions } from './nadam.js';
export { isOptimizer, type Optimizer, type OptimizerConfig } from './optimizer.js';
export type { RmspropOptions } from './rmsprop.js';
export { Sgd, type SgdOptions } from './sgd.js';

/** The optimizer a `config()` describes. */
export function optimizerFromConfig(who: string, config: OptimizerConfig): Optimizer {
  const { type, ...plain } = config;
  const options = 'learningRate' in plain ? { ...plain, learningRate: rateFromConfig(who, plain.learningRate) } : plain;
  const name = checkChoice(who, 'type of the optimizer', type, Object.keys(optimizers) as (keyof typeof optimizers)[]);
  const make = optimizers[name] as (options: object) => Optimizer; // each constructor checks its own options
  return make(options);
}
