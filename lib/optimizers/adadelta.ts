import type { Emitter } from '../program/emitter.js';
import { checkNumber } from '../util/check.js';
import {
  BaseOptimizer,
  checkShare,
  type DecayOptions,
  type OptimizerOptions,
  type ParameterUpdate,
} from './base-optimizer.js';

export interface AdadeltaOptions extends OptimizerOptions, DecayOptions {
  /**
   * Weight of the squares before, from 0 to below 1.
   * @default 0.9
   */
  rho?: number;
  /**
   * Added to mean squares.
   * @default 1e-6
   */
  epsilon?: number;
}

/**
 * Steps in the units of the weights: `s = rho * s + (1 - rho) * g^2; r = sqrt(u + epsilon) / sqrt(s + epsilon) * g; u = rho * u + (1 - rho) * r^2;
 * w -= learningRate * r` (Zeiler, "ADADELTA: an adaptive learning rate method", 2012). The learning rate is 1 unless told otherwise. State: `s`, `u`.
 */
export class Adadelta extends BaseOptimizer {
  protected readonly ownSlots = 2;
  readonly rho: number;
  readonly epsilon: number;

  constructor(options: AdadeltaOptions = {}) {
    super('adadelta', options, ['rho', 'epsilon'], { learningRate: 1 });
    const { rho = 0.9, epsilon = 1e-6 } = options;
    this.rho = checkShare('optimizers.adadelta', 'rho', rho);
    this.epsilon = checkNumber('optimizers.adadelta', 'epsilon', epsilon, 0);
  }

  protected emitUpdate(emit: Emitter, { operands, attributes, state }: ParameterUpdate): void {
    const { rho, epsilon } = this;
    emit.update('adadelta', { ...operands, s: state(0), u: state(1) }, { ...attributes, rho, epsilon });
  }

  protected ownConfig() {
    return { rho: this.rho, epsilon: this.epsilon };
  }
}
