import type { Emitter } from '../program/emitter.js';
import { checkBoolean } from '../util/check.js';
import {
  BaseOptimizer,
  type DecayOptions,
  type OptimizerDefaults,
  type OptimizerOptions,
  type ParameterUpdate,
} from './base-optimizer.js';
import { adamScalars, checkMoments, emitAdam, MOMENT_OPTIONS, type MomentOptions } from './moments.js';

export interface AdamOptions extends OptimizerOptions, DecayOptions, MomentOptions {
  /**
   * Whether the largest mean square so far divides (Reddi, Kale and Kumar, "On the convergence of Adam and beyond", 2018).
   * @default false
   */
  amsgrad?: boolean;
}

/**
 * Means of gradients, divided by the root of those of their squares: `m = beta1 * m + (1 - beta1) * g; v = beta2 * v + (1 - beta2) * g^2; w -= learningRate *
 * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon)` (Kingma and Ba, "Adam: a method for stochastic optimization", 2015). The learning rate
 * is 0.001 unless told otherwise. State: `m`, `v` and with `amsgrad` the largest `v`.
 */
export class Adam extends BaseOptimizer {
  readonly moments: Required<MomentOptions>;
  readonly amsgrad: boolean;

  constructor(options: AdamOptions = {}, type = 'adam', defaults: OptimizerDefaults = { learningRate: 0.001 }) {
    super(type, options, [...MOMENT_OPTIONS, 'amsgrad'], defaults);
    this.moments = checkMoments(`optimizers.${type}`, options);
    const { amsgrad = false } = options;
    this.amsgrad = checkBoolean(`optimizers.${type}`, 'amsgrad', amsgrad);
  }

  protected get ownSlots(): number {
    return this.amsgrad ? 3 : 2;
  }

  protected override ownScalars(learningRate: number, update: number): readonly number[] {
    return adamScalars(learningRate, update + 1, this.moments);
  }

  protected emitUpdate(emit: Emitter, update: ParameterUpdate): void {
    emitAdam(emit, update, this.moments, this.amsgrad);
  }

  protected ownConfig() {
    return { ...this.moments, ...(this.amsgrad && { amsgrad: true }) };
  }
}
