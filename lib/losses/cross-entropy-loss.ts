import { InvalidArgumentError } from '../errors/index.js';
import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { checkNumber } from '../util/check.js';
import { describe } from '../util/describe.js';
import { type Shape, sizeOf } from '../util/shape.js';
import { emitAccuracy } from './base-loss.js';
import { ClassLoss, type ClassLossOptions } from './class-loss.js';
import { emitScaled } from './emit-scaled.js';
import type { LossConfig, LossEmission, LossName } from './loss.js';

/** Options of the cross-entropies of classes. */
export interface CategoricalCrossentropyOptions extends ClassLossOptions {
  /**
   * From 0 to 1: the target q of each class becomes `q (1 - labelSmoothing) + labelSmoothing / classes`.
   * @default 0
   */
  labelSmoothing?: number;
  /**
   * A factor for each class's part of the loss, from 0. With `mean` as reduction the sum is still divided by the number of
   * samples (as in Keras, and as PyTorch does for soft labels; for integer labels it divides by the sum of their weights).
   *
   * @default 1 for each class
   */
  classWeights?: readonly number[];
}

/** Cross-entropy against a distribution q over classes, however it is given: `-sum w_k q_k log p_k`. */
export abstract class CrossEntropyLoss extends ClassLoss {
  readonly labelSmoothing: number;
  readonly classWeights: readonly number[] | undefined;

  constructor(name: LossName, options: CategoricalCrossentropyOptions) {
    super(name, options, ['labelSmoothing', 'classWeights']);
    const who = `losses.${name}`;
    const { labelSmoothing = 0, classWeights } = options;
    this.labelSmoothing = checkNumber(who, 'labelSmoothing', labelSmoothing, 0, 1);
    this.classWeights = checkClassWeights(who, classWeights);
  }

  override checkOutput(who: string, shape: Shape): void {
    super.checkOutput(who, shape);
    const { classWeights } = this;
    if (!classWeights || classWeights.length === sizeOf(shape)) return;
    throw new InvalidArgumentError(
      `${who}: expected ${sizeOf(shape)} numbers (one for each class) for classWeights of the loss ${this.name}, ` +
        `received ${classWeights.length}.`,
    );
  }

  override config(): LossConfig {
    const { labelSmoothing, classWeights } = this;
    return { ...super.config(), labelSmoothing, ...(classWeights && { classWeights }) };
  }

  /** Whether targets are compared as they are. */
  protected get plain(): boolean {
    return this.labelSmoothing === 0 && this.classWeights === undefined;
  }

  protected emitAgainst(emit: Emitter, output: Value, targets: Buffer, { backward, accuracy }: LossEmission): Buffer {
    const input = this.inputOf(output);
    const classes = sizeOf(output.shape);
    const { labelSmoothing, classWeights } = this;
    const factors = (k: number): [number, number] => {
      const weight = classWeights?.[k] ?? 1;
      return [weight * (1 - labelSmoothing), (weight * labelSmoothing) / classes];
    };
    const t = this.plain ? targets : emitScaled(emit, targets, classes, factors);
    const loss = this.onLogits(output)
      ? this.emitLoss(emit, 'crossEntropy', input, t, backward, { relative: 0 })
      : this.emitLoss(emit, 'elementwiseLoss', input, t, backward, { function: 'negativeLog', scale: 1, delta: 1 });
    if (accuracy) emitAccuracy(emit, input, targets);
    return loss;
  }
}

function checkClassWeights(who: string, weights: unknown): readonly number[] | undefined {
  if (weights === undefined) return undefined;
  const isWeight = (weight: unknown) =>
    typeof weight === 'number' && Number.isFinite(Math.fround(weight)) && weight >= 0;
  if (Array.isArray(weights) && weights.length > 0 && [...weights].every(isWeight)) return [...weights];
  throw new InvalidArgumentError(
    `${who}: expected an array of finite numbers from 0, one for each class, for classWeights, received ${describe(weights)}.`,
  );
}
