import type { Emitter } from '../program/emitter.js';
import { checkNumber } from '../util/check.js';
import { BaseOptimizer, type DecayOptions, type OptimizerOptions, type ParameterUpdate } from './base-optimizer.js';
import { adamScalars, checkMoments, emitAdam, MOMENT_OPTIONS, type MomentOptions } from './moments.js';

export interface NadamOptions extends OptimizerOptions, DecayOptions, MomentOptions {
  /**
   * How fast the momentum grows to `beta1`.
   * @default 0.004
   */
  momentumDecay?: number;
}

/**
 * Adam with Nesterov's momentum (Dozat, "Incorporating Nesterov momentum into Adam", 2016), as in PyTorch 2: with `mu_t = beta1 * (1 - 0.5 * 0.96^(t *
 * momentumDecay))` and P_t the product of all so far, `w -= learningRate * ((1 - mu_t) / (1 - P_t) * g + mu_(t+1) / (1 - P_(t+1)) * m) /
 * (sqrt(v / (1 - beta2^t)) + epsilon)`. The learning rate is 0.002 unless told otherwise. State: `m`, `v`. (PyTorch before 2.0 has one mu_t too many in
 * P_(t+1), against the paper.)
 */
export class Nadam extends BaseOptimizer {
  protected readonly ownSlots = 2;
  readonly moments: Required<MomentOptions>;
  readonly momentumDecay: number;
  /** The product of momenta up to an update: a function of its number alone, kept because updates come one after another. */
  #product = { update: 0, value: 1 };

  constructor(options: NadamOptions = {}) {
    super('nadam', options, [...MOMENT_OPTIONS, 'momentumDecay'], { learningRate: 0.002 });
    this.moments = checkMoments('optimizers.nadam', options);
    const { momentumDecay = 0.004 } = options;
    this.momentumDecay = checkNumber('optimizers.nadam', 'momentumDecay', momentumDecay, 0);
  }

  #momentum(t: number): number {
    return this.moments.beta1 * (1 - 0.5 * 0.96 ** (t * this.momentumDecay));
  }

  #productUpTo(t: number): number {
    if (this.#product.update > t) this.#product = { update: 0, value: 1 };
    while (this.#product.update < t) {
      const update = this.#product.update + 1;
      this.#product = { update, value: this.#product.value * this.#momentum(update) };
    }
    return this.#product.value;
  }

  protected override ownScalars(learningRate: number, update: number): readonly number[] {
    const t = update + 1;
    const [, , root = 1] = adamScalars(learningRate, t, this.moments);
    const product = this.#productUpTo(t);
    const next = this.#momentum(t + 1);
    return [
      (learningRate * (1 - this.#momentum(t))) / (1 - product),
      (learningRate * next) / (1 - product * next),
      root,
    ];
  }

  protected emitUpdate(emit: Emitter, update: ParameterUpdate): void {
    emitAdam(emit, update, this.moments);
  }

  protected ownConfig() {
    return { ...this.moments, momentumDecay: this.momentumDecay };
  }
}
