import type { Emitter } from '../program/emitter.js';
import { checkBoolean, checkNumber } from '../util/check.js';
import {
  BaseOptimizer,
  checkShare,
  type DecayOptions,
  type OptimizerOptions,
  type ParameterUpdate,
} from './base-optimizer.js';

export interface RmspropOptions extends OptimizerOptions, DecayOptions {
  /**
   * Weight of the squares before (PyTorch's `alpha`), from 0 to below 1.
   * @default 0.99
   */
  rho?: number;
  /**
   * Weight of the steps before, from 0 to below 1.
   * @default 0
   */
  momentum?: number;
  /**
   * Added to the root of the mean square.
   * @default 1e-8
   */
  epsilon?: number;
  /**
   * Whether gradients are divided by their deviation, not by their mean square.
   * @default false
   */
  centered?: boolean;
}

/**
 * Gradients divided by the root of their mean square, in PyTorch's form (Hinton, "Neural networks for machine learning", lecture 6e, 2012; centered:
 * Graves, "Generating sequences with recurrent neural networks", 2013): `s = rho * s + (1 - rho) * g^2; r = g / (sqrt(s) + epsilon)`, with
 * `centered` `a = rho * a + (1 - rho) * g` and `s - a^2` in place of s; `v = momentum * v + r; w -= learningRate * v`. The
 * learning rate is 0.01 unless told otherwise. State: `s`, and `a` and `v` where they are needed.
 */
export class Rmsprop extends BaseOptimizer {
  readonly rho: number;
  readonly momentum: number;
  readonly epsilon: number;
  readonly centered: boolean;

  constructor(options: RmspropOptions = {}) {
    super('rmsprop', options, ['rho', 'momentum', 'epsilon', 'centered'], { learningRate: 0.01 });
    const who = 'optimizers.rmsprop';
    const { rho = 0.99, momentum = 0, epsilon = 1e-8, centered = false } = options;
    this.rho = checkShare(who, 'rho', rho);
    this.momentum = checkShare(who, 'momentum', momentum);
    this.epsilon = checkNumber(who, 'epsilon', epsilon, 0);
    this.centered = checkBoolean(who, 'centered', centered);
  }

  protected get ownSlots(): number {
    return 1 + (this.centered ? 1 : 0) + (this.momentum > 0 ? 1 : 0);
  }

  protected emitUpdate(emit: Emitter, { operands, attributes, state }: ParameterUpdate): void {
    const { rho, momentum, epsilon, centered } = this;
    const kept = {
      s: state(0),
      ...(centered && { a: state(1) }),
      ...(momentum > 0 && { v: state(this.ownSlots - 1) }),
    };
    emit.update('rmsprop', { ...operands, ...kept }, { ...attributes, rho, momentum, epsilon });
  }

  protected ownConfig() {
    const { rho, momentum, epsilon, centered } = this;
    return { rho, momentum, epsilon, centered };
  }
}
