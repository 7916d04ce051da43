import { ShapeError } from '../errors/index.js';
import { type FusedActivation, PLAIN_ACTIVATIONS, type PlainActivation } from '../program/fused-activation.js';
import type { Value } from '../program/operation.js';
import { Activation } from '../program/operations/activation.js';
import { Softmax } from '../program/operations/softmax.js';
import type { Trace } from '../program/trace.js';
import { checkChoice, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { formatShape, type Shape } from '../util/shape.js';

/** `x` for x > 0, `negativeSlope x` elsewhere. */
export interface LeakyRelu {
  readonly type: 'leakyRelu';
  /**
   * At least 0.
   * @default 0.01
   */
  readonly negativeSlope?: number;
}

/** `x` for x > 0, `alpha (e^x - 1)` elsewhere. */
export interface Elu {
  readonly type: 'elu';
  /**
   * At least 0.
   * @default 1
   */
  readonly alpha?: number;
}

/** Activations of each element alone, by name or with their parameter: for outputs of any rank. */
export type ElementwiseActivation = PlainActivation | LeakyRelu['type'] | Elu['type'] | LeakyRelu | Elu;

/**
 * Activations a layer can end in, by name or with their parameter: `'leakyRelu'`, `{ type: 'leakyRelu', negativeSlope: 0.2 }`.
 * `softmax` and `logSoftmax` run over all elements of a sample and need a one-dimensional one.
 */
export type AnyActivation = ElementwiseActivation | 'softmax' | 'logSoftmax';

/** Names of activations. */
export type ActivationName = Extract<AnyActivation, string>;

/** An activation with its options checked and its defaults filled in. */
export type CheckedActivation = FusedActivation | 'softmax' | 'logSoftmax';

type ParametricName = Extract<FusedActivation, object>['type'];

/** Activations with a parameter, the option that holds it, and its default. */
export const PARAMETERS: Readonly<Record<ParametricName, { readonly option: string; readonly default: number }>> = {
  leakyRelu: { option: 'negativeSlope', default: 0.01 },
  elu: { option: 'alpha', default: 1 },
};
const PARAMETRIC = Object.keys(PARAMETERS) as ParametricName[];

/** Far above any use, and far below what a float32 cannot hold. */
const LARGEST_PARAMETER = 1e6;

const ELEMENTWISE: readonly ActivationName[] = [...PLAIN_ACTIVATIONS, ...PARAMETRIC];
const OVER_CLASSES = ['softmax', 'logSoftmax'] as const;

/** @throws InvalidArgumentError unless it is an activation, in any form */
export function checkActivation(who: string, activation: unknown): CheckedActivation {
  return check(who, activation, [...ELEMENTWISE, ...OVER_CLASSES]);
}

/** @throws InvalidArgumentError unless it is an activation of each element alone, in any form */
export function checkElementwiseActivation(who: string, activation: unknown): FusedActivation {
  return check(who, activation, ELEMENTWISE) as FusedActivation;
}

function check(who: string, activation: unknown, names: readonly ActivationName[]): CheckedActivation {
  if (!isPlainObject(activation)) {
    const name = checkChoice(who, 'activation', activation, names);
    return name === 'leakyRelu' || name === 'elu' ? withParameter(name, PARAMETERS[name].default) : name;
  }
  const given = activation as Readonly<Record<string, unknown>>;
  const type = checkChoice(who, 'activation.type', given.type, PARAMETRIC);
  const { option } = PARAMETERS[type];
  checkOptions(`${who}: activation`, given, ['type', option]);
  return withParameter(type, checkParameter(who, `activation.${option}`, type, given[option]));
}

/** The parameter of an activation, or its default. */
export function checkParameter(who: string, name: string, type: ParametricName, value: unknown): number {
  return checkNumber(who, name, value === undefined ? PARAMETERS[type].default : value, 0, LARGEST_PARAMETER);
}

/** An activation with its parameter, which nobody changes any more. */
export function withParameter(type: ParametricName, value: number): FusedActivation {
  return Object.freeze(type === 'elu' ? { type, alpha: value } : { type, negativeSlope: value });
}

/** The shape behind an activation. */
export function activatedShape(who: string, activation: CheckedActivation, input: Shape): Shape {
  if ((activation === 'softmax' || activation === 'logSoftmax') && input.length !== 1) {
    throw new ShapeError(
      `${who}: expected an input of shape [classes] for ${activation}, received ${formatShape(input)}. Put layers.flatten() before it.`,
    );
  }
  return input;
}

/** Adds an activation behind a value. */
export function applyActivation(trace: Trace, x: Value, activation: CheckedActivation): Value {
  if (activation === 'linear') return x;
  const overClasses = activation === 'softmax' || activation === 'logSoftmax';
  return trace.add(overClasses ? new Softmax(x, activation) : new Activation(x, activation));
}
