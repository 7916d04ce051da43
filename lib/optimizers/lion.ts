import type { Emitter } from '../program/emitter.js';
import { BaseOptimizer, checkShare, type OptimizerOptions, type ParameterUpdate } from './base-optimizer.js';

export interface LionOptions extends OptimizerOptions {
  /**
   * Weight of the moment in the step, from 0 to below 1.
   * @default 0.9
   */
  beta1?: number;
  /**
   * Weight of the moment in itself, from 0 to below 1.
   * @default 0.99
   */
  beta2?: number;
}

/**
 * The sign of a moment: `w -= learningRate * (sign(beta1 * m + (1 - beta1) * g) + weightDecay * w); m = beta2 * m + (1 - beta2) * g` (Chen et al., "Symbolic
 * discovery of optimization algorithms", 2023, algorithm 2). Weight decay is always decoupled. The learning rate is 0.0001 unless told
 * otherwise: a tenth to a third of Adam's, with a weight decay so many times larger, as the authors advise. State: `m`.
 */
export class Lion extends BaseOptimizer {
  protected readonly ownSlots = 1;
  readonly beta1: number;
  readonly beta2: number;

  constructor(options: LionOptions = {}) {
    super('lion', options, ['beta1', 'beta2'], { learningRate: 1e-4, decoupled: true });
    const { beta1 = 0.9, beta2 = 0.99 } = options;
    this.beta1 = checkShare('optimizers.lion', 'beta1', beta1);
    this.beta2 = checkShare('optimizers.lion', 'beta2', beta2);
  }

  protected emitUpdate(emit: Emitter, { operands, attributes, state }: ParameterUpdate): void {
    const { beta1, beta2 } = this;
    emit.update('lion', { ...operands, m: state(0) }, { ...attributes, beta1, beta2 });
  }

  protected ownConfig() {
    return { beta1: this.beta1, beta2: this.beta2 };
  }
}
