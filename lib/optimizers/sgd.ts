import { InvalidArgumentError } from '../errors/index.js';
import type { Emitter } from '../program/emitter.js';
import { checkBoolean } from '../util/check.js';
import {
  BaseOptimizer,
  checkShare,
  type DecayOptions,
  type OptimizerOptions,
  type ParameterUpdate,
} from './base-optimizer.js';

export interface SgdOptions extends OptimizerOptions, DecayOptions {
  /**
   * Weight of the gradients before, from 0 to below 1.
   * @default 0
   */
  momentum?: number;
  /**
   * Whether the step looks ahead, as Nesterov's: `g + momentum * v` in place of `v`. Needs momentum.
   * @default false
   */
  nesterov?: boolean;
}

/**
 * Stochastic gradient descent. With momentum `v = momentum * v + g; w -= learningRate * v` (PyTorch's form, without dampening), without it
 * `w -= learningRate * g`. The learning rate is 0.01 unless told otherwise. State: `v`.
 */
export class Sgd extends BaseOptimizer {
  readonly momentum: number;
  readonly nesterov: boolean;

  constructor(options: SgdOptions = {}) {
    super('sgd', options, ['momentum', 'nesterov'], { learningRate: 0.01 });
    const { momentum = 0, nesterov = false } = options;
    this.momentum = checkShare('optimizers.sgd', 'momentum', momentum);
    this.nesterov = checkBoolean('optimizers.sgd', 'nesterov', nesterov);
    if (this.nesterov && this.momentum === 0) {
      throw new InvalidArgumentError(
        'optimizers.sgd: expected a momentum above 0 with nesterov, received 0. Give momentum, such as 0.9.',
      );
    }
  }

  protected get ownSlots(): number {
    return this.momentum === 0 ? 0 : 1;
  }

  protected emitUpdate(emit: Emitter, { operands, attributes, state }: ParameterUpdate): void {
    if (this.momentum === 0) {
      emit.update('sgd', operands, attributes);
      return;
    }
    const { momentum } = this;
    const nesterov = this.nesterov ? 1 : 0;
    emit.update('sgd', { ...operands, v: state(0) }, { ...attributes, momentum, nesterov });
  }

  protected ownConfig() {
    return { momentum: this.momentum, ...(this.nesterov && { nesterov: true }) };
  }
}
