import { learningRateSchema } from './schedule-schemas.js';
import { either, integer, kind, names, number, object, type Schema, yesNo } from './schema.js';

const fromZero = number({ minimum: 0 });
const decay = number({ minimum: 0, exclusiveMaximum: 1 });
const share = number({ minimum: 0, maximum: 1 });
const positive = number({ exclusiveMinimum: 0 });

/** Options of every optimizer. */
const common = {
  learningRate: learningRateSchema,
  weightDecay: fromZero,
  accumulate: integer(1, { default: 1 }),
  average: either([
    kind('ema', { decay }),
    kind('lookahead', {
      steps: integer(1),
      alpha: either([
        share,
        object(
          { 'from!': share, 'to!': share, power: positive },
          { description: 'from + (to - from) * p^power, p the share of the training that is done.' },
        ),
      ]),
    }),
  ]),
  clipValue: positive,
  clipNorm: positive,
  globalClipNorm: positive,
};
const decoupled = { decoupled: yesNo() };
const moments = { beta1: decay, beta2: decay, epsilon: fromZero };

/** Options of every optimizer, by its name. */
export const OPTIMIZER_OPTIONS: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  sgd: { momentum: decay, nesterov: yesNo({ default: false }), ...common, ...decoupled },
  rmsprop: {
    rho: decay,
    momentum: decay,
    epsilon: fromZero,
    centered: yesNo({ default: false }),
    ...common,
    ...decoupled,
  },
  adagrad: {
    learningRateDecay: fromZero,
    initialAccumulatorValue: fromZero,
    epsilon: fromZero,
    ...common,
    ...decoupled,
  },
  adadelta: { rho: decay, epsilon: fromZero, ...common, ...decoupled },
  adam: { ...moments, amsgrad: yesNo({ default: false }), ...common, ...decoupled },
  adamw: { ...moments, amsgrad: yesNo({ default: false }), ...common },
  nadam: { ...moments, momentumDecay: fromZero, ...common, ...decoupled },
  lion: { beta1: decay, beta2: decay, ...common },
  muon: {
    momentum: decay,
    nesterov: yesNo(),
    steps: integer(1),
    lastLayer: names(['adamw', 'muon']),
    others: object({ ...moments, learningRateFactor: fromZero }),
    ...common,
  },
};
