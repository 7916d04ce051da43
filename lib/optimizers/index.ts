import { rateFromConfig } from '../schedules/index.js';
import { checkChoice } from '../util/check.js';
import type { Optimizer, OptimizerConfig } from './optimizer.js';
import { Sgd, type SgdOptions } from './sgd.js';

/** Optimizers by name. */
export const optimizers = {
  /** Stochastic gradient descent, with or without momentum. */
  sgd: (options?: SgdOptions): Sgd => new Sgd(options),
} as const;

export { isOptimizer, type Optimizer, type OptimizerConfig } from './optimizer.js';
export { Sgd, type SgdOptions } from './sgd.js';

/** The optimizer a `config()` describes. */
export function optimizerFromConfig(who: string, config: OptimizerConfig): Optimizer {
  const { type, ...plain } = config;
  const options = 'learningRate' in plain ? { ...plain, learningRate: rateFromConfig(who, plain.learningRate) } : plain;
  const name = checkChoice(who, 'type of the optimizer', type, Object.keys(optimizers) as (keyof typeof optimizers)[]);
  return optimizers[name](options);
}
