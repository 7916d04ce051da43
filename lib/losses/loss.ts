import type { Buffer } from '../program/buffer.js';
import type { Attributes } from '../program/description.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import type { Shape } from '../util/shape.js';

/** What a step computes beside the loss. */
export interface LossEmission {
  /** Whether to make the gradient of the loss's input, where it is wanted. */
  readonly backward: boolean;
  /** Whether to count right answers. */
  readonly accuracy: boolean;
  /** Where samples are mixed with others: attributes of the calls that mix what they are compared with. */
  readonly mixing?: Attributes | undefined;
}

/** The part of a loss that programs are made from. */
export interface LossRule {
  /** What samples are compared with: their labels, targets of the output's shape, or nothing. */
  readonly reads: 'labels' | 'targets' | 'nothing';
  /** How the losses of samples become one number. */
  readonly reduction: Reduction;
  /** Whether it can compare with mixtures of labels. @internal */
  readonly mixes?: boolean;
  /** The value the loss is computed from, given the model's output. @internal */
  inputOf(output: Value): Value;
  /**
   * Emits the loss of every sample, its sum as a metric, and with `backward` the gradient of the input; gives the buffer
   * of the samples' losses, if there is one.
   * @internal
   */
  emit(emit: Emitter, output: Value, options: LossEmission): Buffer | undefined;
}

/** A loss, made by `losses.xxx()`: how outputs are compared with labels or targets. */
export interface Loss extends LossRule {
  /** As in `compile({ loss })` and in saved models. */
  readonly name: LossName;
  readonly reads: 'labels' | 'targets';
  /** Values that targets may have, beside being finite. @internal */
  readonly targetValues: TargetValues | undefined;
  /** Where outputs and targets are answers to yes-or-no questions: what parts the two answers. @internal */
  thresholds(output: Value): Thresholds | undefined;
  /** @throws ShapeError or InvalidArgumentError when the loss cannot take outputs of this shape @internal */
  checkOutput(who: string, shape: Shape): void;
  /** @throws InvalidArgumentError when outputs are probabilities that the loss would take for logits @internal */
  checkEnd(who: string, output: Value): void;
  /** Plain data from which `lossFromConfig` makes the same loss. */
  config(): LossConfig;
}

/** Between no and yes, in outputs (or the logits a loss reads) and in targets. */
export interface Thresholds {
  readonly ofX: number;
  readonly ofT: number;
}

export interface TargetValues {
  /** Such as "-1 or 1". */
  readonly expected: string;
  readonly includes: (value: number) => boolean;
}

/** Names of the losses there are. */
export type LossName =
  | 'binaryCrossentropy'
  | 'categoricalCrossentropy'
  | 'halfSumOfSquares'
  | 'hinge'
  | 'huber'
  | 'klDivergence'
  | 'meanAbsoluteError'
  | 'meanSquaredError'
  | 'sparseCategoricalCrossentropy';

/** How the losses of samples become one number. */
export type Reduction = 'none' | 'sum' | 'mean';

export interface LossConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** Options of every loss. */
export interface LossOptions {
  /**
   * How the losses of samples, each times its weight if the data set has weights, become one number.
   *
   * - `mean`: their sum by the number of samples, whatever their weights (as Keras).
   * - `sum`: their sum; gradients then grow with the batch.
   * - `none`: for `model.losses` and `model.evaluate`, which then gives the mean; such a model cannot be trained.
   *
   * @default 'mean'
   */
  reduction?: Reduction;
}
