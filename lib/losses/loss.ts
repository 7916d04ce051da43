import type { Emitter } from '../program/emitter.js';
import type { Value } from '../program/operation.js';

/** A loss, as a rule: which value it reads, and the calls that make each sample's loss and the gradient of their mean. */
export interface Loss {
  /** As in `compile({ loss })` and in saved models. */
  readonly name: LossName;
  /** The value the loss is computed from, given the model's output. */
  inputOf(output: Value): Value;
  /** Emits the loss of every sample, its sum as a metric, and with `backward` the gradient of `input`. */
  emit(emit: Emitter, input: Value, backward: boolean): void;
}

/** Names of the losses there are. */
export type LossName = 'sparseCategoricalCrossentropy';
