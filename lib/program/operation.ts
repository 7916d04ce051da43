import type { Regularizer } from '../regularizers/index.js';
import type { Shape } from '../util/shape.js';
import type { Emitter } from './emitter.js';
import type { FusedActivation } from './fused-activation.js';
import type { BatchNormalizationOptions } from './operations/batch-normalization.js';

export type { FusedActivation } from './fused-activation.js';

/** A tensor of the traced network: a shape for each sample, and the operation that makes it (none for an input). */
export interface Value {
  readonly shape: Shape;
  readonly producer: Operation | null;
  /** Name of the layer or input it comes from. */
  label?: string;
}

/** A tensor of a model: a slot of the model's parameter store. */
export interface Parameter {
  /** Such as `conv2d/kernel`. */
  readonly name: string;
  readonly shape: Shape;
  readonly slot: number;
  /** Whether it follows a gradient; running statistics and frozen parameters do not. */
  readonly trainable: boolean;
  /** Whether it stays as it is, as all of a frozen layer does: running statistics too. */
  readonly frozen?: boolean;
  /**
   * What the learning rate is multiplied by.
   * @default 1
   */
  readonly rateFactor?: number;
  /** What it costs by its size, beside the loss. */
  readonly regularizer?: Regularizer;
}

/** Name of the layer a parameter belongs to. */
export function layerOf({ name }: Parameter): string {
  return name.slice(0, name.lastIndexOf('/'));
}

/**
 * One operation of a traced network. It states its forward rule and its gradient side by side, as calls to emit: an
 * operation without a gradient does not compile.
 */
export interface Operation {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  /** Of operations that are an activation as traced, or end in one: which. Fused, they keep the value they make, and so this. */
  readonly activation?: FusedActivation;
  /** Emits the calls that make `output` from `inputs`. */
  forward(emit: Emitter): void;
  /**
   * The forward rule for programs whose lanes are channels (few samples, prediction only), where this operation has one for its
   * shapes.
   */
  forwardOnChannels?(): ((emit: Emitter) => void) | undefined;
  /** Emits the calls that turn the gradient of `output` into those of `inputs` and `parameters`. */
  gradient(emit: Emitter): void;
  /** The same operation ending in an activation, where it can end in that one. */
  withActivation?(activation: FusedActivation, output: Value): Operation | undefined;
  /** The same operation with another value added at its end, where it can do that. */
  withAddend?(addend: Value, output: Value): Operation | undefined;
  /** The same operation with a batch normalisation of fixed statistics behind it, where it can take that in. */
  withBatchNormalization?(options: BatchNormalizationOptions, output: Value): Operation | undefined;
}
