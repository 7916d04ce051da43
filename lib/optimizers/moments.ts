import type { Emitter } from '../program/emitter.js';
import { checkNumber } from '../util/check.js';
import { checkShare, type ParameterUpdate } from './base-optimizer.js';
import { StepScalar } from './step-scalars.js';

/** Options of optimizers with means of gradients and of their squares. */
export interface MomentOptions {
  /**
   * Weight of the gradients before, from 0 to below 1.
   * @default 0.9
   */
  beta1?: number;
  /**
   * Weight of the squares before, from 0 to below 1.
   * @default 0.999
   */
  beta2?: number;
  /**
   * Added to the root of the mean square.
   * @default 1e-8
   */
  epsilon?: number;
}

export const MOMENT_OPTIONS = ['beta1', 'beta2', 'epsilon'] as const satisfies readonly (keyof MomentOptions)[];

/** Those options, checked. */
export function checkMoments(who: string, options: MomentOptions): Required<MomentOptions> {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  return {
    beta1: checkShare(who, 'beta1', beta1),
    beta2: checkShare(who, 'beta2', beta2),
    epsilon: checkNumber(who, 'epsilon', epsilon, 0),
  };
}

/** The numbers of a step of Adam, for update t from 1: rates of the gradient and of its mean, and what roots are multiplied by. */
export function adamScalars(rate: number, t: number, { beta1, beta2 }: Required<MomentOptions>): readonly number[] {
  return [0, rate / (1 - beta1 ** t), 1 / Math.sqrt(1 - beta2 ** t)];
}

/** Emits the update of which those are the numbers. State: means of gradients, of squares and, for AMSGrad, their largest. */
export function emitAdam(
  emit: Emitter,
  { operands, attributes, state }: ParameterUpdate,
  moments: Required<MomentOptions>,
  amsgrad = false,
): void {
  const kept = { m: state(0), v: state(1), ...(amsgrad && { x: state(2) }) };
  const scalars = { gradientRate: StepScalar.own, momentRate: StepScalar.own + 1, root: StepScalar.own + 2 };
  emit.update('adam', { ...operands, ...kept }, { ...attributes, ...moments, ...scalars });
}
