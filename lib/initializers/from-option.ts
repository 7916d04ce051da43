import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice, checkFloat, checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { constant } from './constant.js';
import { dirac } from './dirac.js';
import type { DataInitializer, Initializer } from './initializer.js';
import { lecunUniform } from './lecun-uniform.js';
import { randomNormal, truncatedNormal } from './normal.js';
import { ones } from './ones.js';
import type { InitializerConfig } from './options.js';
import { orthogonal } from './orthogonal.js';
import { randomUniform } from './uniform.js';
import { values } from './values.js';
import { fanIn, fanMean, varianceScaling } from './variance-scaling.js';
import { beforeWhitening, whitening } from './whitening.js';
import { zeros } from './zeros.js';

/** An initialiser with its options as plain data. */
export interface ConfiguredInitializer {
  readonly config: InitializerConfig;
  readonly initializer: Initializer;
  /** Of one whose values follow from data: what fills the parameter once there is some. */
  readonly fromData?: DataInitializer;
  /** Axes a parameter must have: a matrix has rows and columns, a bias has not. */
  readonly leastAxes: number;
}

type Type = InitializerConfig['type'];
type Options = Readonly<Record<string, unknown>>;
/** Checks the options of a type, and gives those in effect with the rule they make. */
type Rule = (
  who: string,
  options: Options,
) => readonly [options: Options, initializer: Initializer, fromData?: DataInitializer];

const plain =
  (initializer: Initializer): Rule =>
  (who, options) => {
    checkOptions(who, options, []);
    return [{}, initializer];
  };

const normal =
  (make: (mean: number, stddev: number) => Initializer): Rule =>
  (who, options) => {
    checkOptions(who, options, ['mean', 'stddev']);
    const { mean: center = 0, stddev: deviation = 0.05 } = options;
    const mean = checkFloat(who, 'mean', center);
    const stddev = checkNumber(who, 'stddev', checkFloat(who, 'stddev', deviation), 0);
    return [{ mean, stddev }, make(mean, stddev)];
  };

const he =
  (distribution: 'uniform' | 'normal'): Rule =>
  (who, options) => {
    checkOptions(who, options, ['negativeSlope']);
    const { negativeSlope: slope = 0 } = options;
    const negativeSlope = checkNumber(who, 'negativeSlope', checkFloat(who, 'negativeSlope', slope), 0);
    // Left out where it is 0, for readers that do not know it.
    return [
      negativeSlope === 0 ? {} : { negativeSlope },
      varianceScaling(distribution, 2 / (1 + negativeSlope ** 2), fanIn),
    ];
  };

const identity: Rule = (who, options) => {
  checkOptions(who, options, ['gain', 'rest']);
  const { gain: factor = 1, rest: others } = options;
  const gain = checkFloat(who, 'gain', factor);
  if (others === undefined) return [{ gain }, dirac(gain)];
  const { config, initializer } = initializerFromOption(who, 'rest', others);
  if (WITHOUT_REST.includes(config.type)) {
    throw new InvalidArgumentError(
      `${who}: expected an initializer that fills all outputs, such as 'heNormal', for rest, received '${config.type}'.`,
    );
  }
  return [{ gain, rest: config }, dirac(gain, initializer)];
};

const RULES: Readonly<Record<Type, Rule>> = {
  glorotUniform: plain(varianceScaling('uniform', 1, fanMean)),
  glorotNormal: plain(varianceScaling('normal', 1, fanMean)),
  heUniform: he('uniform'),
  heNormal: he('normal'),
  lecunUniform: plain(lecunUniform),
  lecunNormal: plain(varianceScaling('normal', 1, fanIn)),
  orthogonal: (who, options) => {
    checkOptions(who, options, ['gain']);
    const { gain: factor = 1 } = options;
    const gain = checkFloat(who, 'gain', factor);
    return [{ gain }, orthogonal(gain)];
  },
  truncatedNormal: normal(truncatedNormal),
  randomNormal: normal(randomNormal),
  randomUniform: (who, options) => {
    checkOptions(who, options, ['min', 'max']);
    const { min: least = -0.05, max: most = 0.05 } = options;
    const [min, max] = [checkFloat(who, 'min', least), checkFloat(who, 'max', most)];
    if (min > max) {
      throw new InvalidArgumentError(`${who}: expected a min of at most max, ${max}, received ${min}.`);
    }
    return [{ min, max }, randomUniform(min, max)];
  },
  zeros: plain(zeros),
  ones: plain(ones),
  constant: (who, options) => {
    checkOptions(who, options, ['value']);
    const value = checkFloat(who, 'value', options.value);
    return [{ value }, constant(value)];
  },
  dirac: identity,
  identity,
  whitening: (who, options) => {
    checkOptions(who, options, ['samples', 'epsilon']);
    const { samples: count = 5000, epsilon: added = 5e-4 } = options;
    const samples = checkInteger(who, 'samples', count, 1);
    const epsilon = checkNumber(who, 'epsilon', added, 1e-12);
    return [{ samples, epsilon }, beforeWhitening, whitening(samples, epsilon)];
  },
  values: (who, options) => {
    checkOptions(who, options, ['values']);
    const given = numbersOf(who, options.values);
    return [{ values: given }, values(given)];
  },
};

const OF_MATRICES: readonly Type[] = ['orthogonal', 'dirac', 'identity', 'whitening'];
const WITHOUT_REST: readonly Type[] = ['dirac', 'identity', 'whitening'];

/** The initialiser of a type with these options. @throws InvalidArgumentError unless they are such */
export function configured(who: string, type: unknown, options: Options): ConfiguredInitializer {
  const known = checkChoice(who, 'type of the initializer', type, Object.keys(RULES) as Type[]);
  const [inEffect, initializer, fromData] = RULES[known](who, options);
  const leastAxes = OF_MATRICES.includes(known) ? 2 : 1;
  return { config: { type: known, ...inEffect }, initializer, leastAxes, ...(fromData && { fromData }) };
}

/** The initialiser that an option of a layer asks for. @throws InvalidArgumentError unless it names or describes one */
export function initializerFromOption(who: string, name: string, option: unknown): ConfiguredInitializer {
  if (typeof option === 'string') {
    return configured(`${who} ${name}`, checkChoice(who, name, option, Object.keys(RULES) as Type[]), {});
  }
  if (Array.isArray(option) || ArrayBuffer.isView(option)) {
    return configured(`${who} ${name}`, 'values', { values: option });
  }
  if (isPlainObject(option)) {
    const { type, ...options } = option;
    return configured(`${who} ${name}`, type, options);
  }
  throw new InvalidArgumentError(
    `${who}: expected the name of an initializer, such as 'heNormal', what initializers.heNormal() gives, or an array of ` +
      `values for ${name}, received ${describe(option)}.`,
  );
}

/** More axes than any parameter has: an array may hold itself. */
const MOST_DEPTH = 8;

/** All numbers of nested arrays, as float32 holds them. */
function numbersOf(who: string, given: unknown, depth = 1): number[] {
  const isTyped = given instanceof Float32Array || given instanceof Float64Array;
  if (depth > MOST_DEPTH) {
    throw new InvalidArgumentError(
      `${who}: expected an array nested at most ${MOST_DEPTH} deep for values, received one nested more deeply.`,
    );
  }
  if (!isTyped && !Array.isArray(given)) {
    throw new InvalidArgumentError(
      `${who}: expected an array of numbers, nested or not, for values, received ${describe(given)}.`,
    );
  }
  const numbers: number[] = [];
  for (const value of given) {
    if (typeof value === 'object' && value !== null) {
      for (const inner of numbersOf(who, value, depth + 1)) numbers.push(inner);
    } else {
      numbers.push(Math.fround(checkFloat(who, 'values', value)));
    }
  }
  return numbers;
}
