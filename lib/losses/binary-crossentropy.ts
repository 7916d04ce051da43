import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { checkBoolean, checkNumber } from '../util/check.js';
import { ElementwiseLoss } from './elementwise-loss.js';
import { emitScaled } from './emit-scaled.js';
import type { LossConfig, LossOptions, TargetValues, Thresholds } from './loss.js';
import { beforeSigmoid, refuseProbabilities, softmaxOf } from './probabilities.js';

/** Options of `losses.binaryCrossentropy`. */
export interface BinaryCrossentropyOptions extends LossOptions {
  /**
   * Whether the outputs are logits, or probabilities. Of a model that ends in a sigmoid (a flatten or reshape may follow) the loss is
   * computed on the sigmoid's inputs, whatever this says; one that ends in a softmax has to say it.
   * @default true
   */
  fromLogits?: boolean;
  /**
   * From 0 to 1: targets become `t (1 - labelSmoothing) + labelSmoothing / 2`.
   * @default 0
   */
  labelSmoothing?: number;
}

/**
 * Cross-entropy of independent yes-or-no questions, with targets from 0 to 1: the mean over the elements of a sample of
 * `-t log p - (1 - t) log(1 - p)`.
 *
 * On logits, `max(z, 0) - z t + log(1 + e^-|z|)` with gradient `sigmoid(z) - t`. Probabilities are clipped to
 * 1e-7..1 - 1e-7, as in Keras; the gradient beyond is zero.
 */
export class BinaryCrossentropy extends ElementwiseLoss {
  readonly fromLogits: boolean;
  readonly labelSmoothing: number;
  override readonly targetValues: TargetValues = {
    expected: 'from 0 to 1',
    includes: (value) => value >= 0 && value <= 1,
  };

  constructor(options: BinaryCrossentropyOptions = {}) {
    super('binaryCrossentropy', options, ['fromLogits', 'labelSmoothing']);
    const who = 'losses.binaryCrossentropy';
    const { fromLogits = true, labelSmoothing = 0 } = options;
    this.fromLogits = checkBoolean(who, 'fromLogits', fromLogits);
    this.labelSmoothing = checkNumber(who, 'labelSmoothing', labelSmoothing, 0, 1);
  }

  override inputOf(output: Value): Value {
    return beforeSigmoid(output) ?? output;
  }

  override checkEnd(who: string, output: Value): void {
    const softmax = softmaxOf(output);
    if (!this.saysLogits && softmax) refuseProbabilities(who, this.name, softmax.op, 'categoricalCrossentropy');
  }

  protected functionOf(output: Value): string {
    return this.#onLogits(output) ? 'logistic' : 'binary';
  }

  override thresholds(output: Value): Thresholds {
    return { ofX: this.#onLogits(output) ? 0 : 0.5, ofT: 0.5 };
  }

  protected override emitChanged(emit: Emitter, targets: Buffer, elements: number): Buffer {
    const smoothing = this.labelSmoothing;
    return smoothing === 0 ? targets : emitScaled(emit, targets, elements, () => [1 - smoothing, smoothing / 2]);
  }

  override config(): LossConfig {
    const { fromLogits, labelSmoothing } = this;
    return { ...super.config(), fromLogits, labelSmoothing };
  }

  #onLogits(output: Value): boolean {
    return this.fromLogits || this.inputOf(output) !== output;
  }
}
