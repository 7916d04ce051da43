import { ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { checkBoolean } from '../util/check.js';
import { formatShape, type Shape, sizeOf } from '../util/shape.js';
import { BaseLoss } from './base-loss.js';
import type { LossConfig, LossName, LossOptions } from './loss.js';
import { beforeSigmoid, refuseProbabilities, softmaxOf } from './probabilities.js';

/** Options of losses that compare with classes. */
export interface ClassLossOptions extends LossOptions {
  /**
   * Whether the outputs are logits, or probabilities of the classes. Of a model that ends in a softmax (a flatten or reshape may follow)
   * the loss is computed on the softmax's inputs, whatever this says; one that ends in a sigmoid has to say it. Probabilities are
   * clipped to at least 1e-7, as in Keras; the gradient below is zero.
   * @default true
   */
  fromLogits?: boolean;
}

/** A loss of one distribution over classes for each sample. */
export abstract class ClassLoss extends BaseLoss {
  readonly fromLogits: boolean;

  constructor(name: LossName, options: ClassLossOptions, known: readonly string[] = []) {
    super(name, options, ['fromLogits', ...known]);
    const { fromLogits = true } = options;
    this.fromLogits = checkBoolean(`losses.${name}`, 'fromLogits', fromLogits);
  }

  override inputOf(output: Value): Value {
    return softmaxOf(output)?.inputs[0] ?? output;
  }

  override checkOutput(who: string, shape: Shape): void {
    if (shape.length >= 1 && sizeOf(shape) === shape[0]) return;
    throw new ShapeError(
      `${who}: expected a model with outputs of shape [classes] for the loss ${this.name}, received ` +
        `${formatShape(shape)}. End the model with layers.flatten() and layers.dense().`,
    );
  }

  override checkEnd(who: string, output: Value): void {
    if (this.saysLogits || !beforeSigmoid(output)) return;
    refuseProbabilities(who, this.name, 'sigmoid', 'binaryCrossentropy');
  }

  override config(): LossConfig {
    return { ...super.config(), fromLogits: this.fromLogits };
  }

  protected onLogits(output: Value): boolean {
    return this.fromLogits || this.inputOf(output) !== output;
  }
}
