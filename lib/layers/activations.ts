import type { Value } from '../program/operation.js';
import { Activation } from '../program/operations/activation.js';
import { Softmax } from '../program/operations/softmax.js';
import type { Trace } from '../program/trace.js';
import { checkChoice } from '../util/check.js';

/** Activations a layer can end in. `softmax` runs over all elements of a sample and needs a one-dimensional one. */
export type ActivationName = 'linear' | 'relu' | 'sigmoid' | 'tanh' | 'softmax';

export const ACTIVATIONS: readonly ActivationName[] = ['linear', 'relu', 'sigmoid', 'tanh', 'softmax'];

/** Activations for outputs of any rank. */
export const ELEMENTWISE_ACTIVATIONS = ['linear', 'relu', 'sigmoid', 'tanh'] as const;

export function checkActivation(who: string, activation: unknown): ActivationName {
  return checkChoice(who, 'activation', activation, ACTIVATIONS);
}

/** Adds an activation behind a value. */
export function applyActivation(trace: Trace, x: Value, activation: ActivationName): Value {
  if (activation === 'linear') return x;
  return trace.add(activation === 'softmax' ? new Softmax(x) : new Activation(x, activation));
}
