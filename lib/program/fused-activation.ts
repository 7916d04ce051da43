import type { Attributes } from './description.js';

/** Functions of each element alone that take no parameter. */
export const PLAIN_ACTIVATIONS = [
  'linear',
  'relu',
  'relu6',
  'selu',
  'gelu',
  'geluTanh',
  'silu',
  'mish',
  'hardSwish',
  'hardSigmoid',
  'sigmoid',
  'tanh',
  'softplus',
  'softsign',
] as const;

export type PlainActivation = (typeof PLAIN_ACTIVATIONS)[number];

/** Activations of each element alone: a convolution or dense call can end in them. */
export type FusedActivation =
  | PlainActivation
  | { readonly type: 'leakyRelu'; readonly negativeSlope: number }
  | { readonly type: 'elu'; readonly alpha: number };

/** Their derivatives need x; those of all others follow from y. */
const OF_INPUT: readonly FusedActivation[] = ['gelu', 'geluTanh', 'silu', 'mish', 'hardSwish'];

/** Whether the gradient needs what was before the activation, so that in training its result cannot be written over it. */
export function needsInput(activation: FusedActivation): boolean {
  return OF_INPUT.includes(activation);
}

/** An activation as native calls read it (`cpp/operators/activation_functions.h`). */
export function activationAttributes(activation: FusedActivation): Attributes {
  if (typeof activation === 'string') return { activation };
  const parameter = activation.type === 'elu' ? activation.alpha : activation.negativeSlope;
  return { activation: activation.type, parameter };
}
