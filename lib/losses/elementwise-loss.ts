import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';
import { sizeOf } from '../util/shape.js';
import { BaseLoss, emitAccuracy, emitTargets } from './base-loss.js';
import type { LossEmission, Thresholds } from './loss.js';

/** A loss summed up from the elements of outputs and targets of one shape, whatever it is. */
export abstract class ElementwiseLoss extends BaseLoss {
  /** The call's name for the function of an output and its target. */
  protected abstract functionOf(output: Value): string;

  /** What the sum over elements is multiplied by: by default, the mean is taken. */
  protected scale(elements: number): number {
    return 1 / elements;
  }

  /** For functions that have one. */
  protected readonly delta: number = 1;

  /** By default one output alone is an answer, from 0 to 1. */
  override thresholds(output: Value): Thresholds | undefined {
    return sizeOf(output.shape) === 1 ? { ofX: 0.5, ofT: 0.5 } : undefined;
  }

  /** What targets become before they are compared. */
  protected emitChanged(_emit: Emitter, targets: Buffer, _elements: number): Buffer {
    return targets;
  }

  emit(emit: Emitter, output: Value, { backward, accuracy }: LossEmission): Buffer {
    const input = this.inputOf(output);
    const elements = sizeOf(output.shape);
    const given = emitTargets(emit, output.shape);
    const targets = this.emitChanged(emit, given, elements);
    const attributes = { function: this.functionOf(output), scale: this.scale(elements), delta: this.delta };
    const loss = this.emitLoss(emit, 'elementwiseLoss', input, targets, backward, attributes);
    if (accuracy) emitAccuracy(emit, input, given, this.thresholds(output));
    return loss;
  }
}
