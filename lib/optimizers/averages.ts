import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import type { Average, AverageConfig } from './average.js';
import { Ema, type EmaOptions } from './ema.js';
import { Lookahead, type LookaheadOptions } from './lookahead.js';

/**
 * Averages of weights by name, for the option `average` of optimizers.
 *
 * @namespace
 */
export const averages = {
  /** An exponential moving average beside the weights. */
  ema: (options?: EmaOptions): Ema => new Ema(options),
  /** Slow weights, to which the weights return. */
  lookahead: (options?: LookaheadOptions): Lookahead => new Lookahead(options),
} as const;

/** An average as an option: what `averages` gives, or its plain data. @throws InvalidArgumentError otherwise */
export function checkAverage(who: string, value: Average | AverageConfig): Average {
  if (value instanceof Ema || value instanceof Lookahead) return value;
  if (!isPlainObject(value)) {
    throw new InvalidArgumentError(
      `${who}: expected an average such as averages.ema() for average, received ${describe(value)}.`,
    );
  }
  const { type, ...options } = value as AverageConfig;
  const name = checkChoice(who, 'type of the average', type, Object.keys(averages) as (keyof typeof averages)[]);
  return averages[name](options);
}
