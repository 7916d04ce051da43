import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Parameter, Value } from '../operation.js';
import { affineOf } from './batch-normalization.js';

export interface GroupNormalizationOptions {
  /** `[C]` for a factor of each channel, or of the sample's shape for one of each element; `null` for none. */
  readonly gamma: Parameter | null;
  /** A summand, likewise. */
  readonly beta: Parameter | null;
  /** Runs of channels that are normalised together. */
  readonly groups: number;
  /** Whether gamma and beta are of elements, not of channels. */
  readonly elementwise: boolean;
  readonly epsilon: number;
}

/**
 * `y = n gamma + beta` with `n = (x - mean) / sqrt(variance + epsilon)` over each group of channels of each sample. Gradient, with d = dy gamma
 * and means over the group: `dx = (d - mean d - n mean(d n)) / sqrt(variance + epsilon)`.
 */
export class GroupNormalization implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly #options: GroupNormalizationOptions;
  /** As native calls see it: of single elements each is a channel of one pixel. `channels` are those of a group. */
  readonly #size: { readonly groups: number; readonly channels: number; readonly pixels: number };

  constructor(x: Value, options: GroupNormalizationOptions) {
    this.inputs = [x];
    this.output = { shape: x.shape, producer: this };
    this.parameters = [options.gamma, options.beta].filter((parameter) => parameter !== null);
    this.#options = options;
    const { groups, elementwise } = options;
    const [channels = 0, ...spatial] = elementwise ? [sizeOf(x.shape)] : x.shape;
    this.#size = { groups, channels: channels / groups, pixels: sizeOf(spatial) };
  }

  forward(emit: Emitter): void {
    const { epsilon } = this.#options;
    const operands = {
      y: emit.define(this.output),
      x: emit.bufferOf(this.inputs[0]),
      statistics: this.#statistics(emit),
    };
    emit.compute(
      'groupNorm',
      {
        ...operands,
        ...affineOf(emit, this.#options),
      },
      { ...this.#size, epsilon },
    );
  }

  gradient(emit: Emitter): void {
    const { gamma, beta } = this.#options;
    const [input] = this.inputs;
    const dy = emit.gradientOf(this.output);
    const sums = emit.sample(2 * this.#size.groups);
    const given = gamma && { gamma: emit.parameter(gamma) };
    const operands = { dy, x: emit.bufferOf(input), statistics: this.#statistics(emit), sums, ...given };
    const gradients = {
      ...(gamma?.trainable && { dgamma: emit.partialGradient(gamma) }),
      ...(beta?.trainable && { dbeta: emit.partialGradient(beta) }),
    };
    emit.compute('groupNormGradientSums', { ...operands, ...gradients }, this.#size);
    if (!emit.wants(input)) return;
    const dx = emit.overGradientOf(this.output);
    emit.compute('groupNormGradient', { ...operands, dx }, this.#size);
    emit.giveGradient(input, dx);
  }

  /** Mean and `1 / sqrt(variance + epsilon)`, made by the forward pass and read again by the gradient. */
  #statistics(emit: Emitter) {
    return emit.keptSample(this, 'statistics', 2 * this.#size.groups);
  }
}
