import type { Emitter } from '../program/emitter.js';
import { checkNumber } from '../util/check.js';
import { BaseOptimizer, type DecayOptions, type OptimizerOptions, type ParameterUpdate } from './base-optimizer.js';

export interface AdagradOptions extends OptimizerOptions, DecayOptions {
  /**
   * Divides the learning rate of update t, from 0, by `1 + t * learningRateDecay`.
   * @default 0
   */
  learningRateDecay?: number;
  /**
   * Where the sums of squares begin.
   * @default 0
   */
  initialAccumulatorValue?: number;
  /**
   * Added to the root of the sum.
   * @default 1e-10
   */
  epsilon?: number;
}

/**
 * Gradients divided by the root of the sum of all their squares: `s += g^2; w -= learningRate * g / (sqrt(s) + epsilon)` (Duchi, Hazan and Singer, "Adaptive
 * subgradient methods", 2011). The learning rate is 0.01 unless told otherwise. State: `s`, less `initialAccumulatorValue`.
 */
export class Adagrad extends BaseOptimizer {
  protected readonly ownSlots = 1;
  readonly learningRateDecay: number;
  readonly initialAccumulatorValue: number;
  readonly epsilon: number;

  constructor(options: AdagradOptions = {}) {
    const who = 'optimizers.adagrad';
    super('adagrad', options, ['learningRateDecay', 'initialAccumulatorValue', 'epsilon'], { learningRate: 0.01 });
    const { learningRateDecay = 0, initialAccumulatorValue = 0, epsilon = 1e-10 } = options;
    this.learningRateDecay = checkNumber(who, 'learningRateDecay', learningRateDecay, 0);
    this.initialAccumulatorValue = checkNumber(who, 'initialAccumulatorValue', initialAccumulatorValue, 0);
    this.epsilon = checkNumber(who, 'epsilon', epsilon, 0);
  }

  protected override rateOf(learningRate: number, update: number): number {
    return learningRate / (1 + update * this.learningRateDecay);
  }

  protected emitUpdate(emit: Emitter, { operands, attributes, state }: ParameterUpdate): void {
    const { initialAccumulatorValue: initial, epsilon } = this;
    emit.update('adagrad', { ...operands, s: state(0) }, { ...attributes, initial, epsilon });
  }

  protected ownConfig() {
    const { learningRateDecay, initialAccumulatorValue, epsilon } = this;
    return { learningRateDecay, initialAccumulatorValue, epsilon };
  }
}
