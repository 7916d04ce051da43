import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

export interface LocalResponseNormalizationOptions {
  /** Channels of a window: `size / 2` (rounded down) before its own, the others behind. */
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

/**
 * `y = x b^-beta` with `b = k + alpha / size * sum of x^2` over a window of channels at each pixel. Gradient:
 * `dx = dy b^-beta - 2 alpha beta / size * x * sum of dy y / b` over the channels whose windows hold this one.
 */
export class LocalResponseNormalization implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #options: LocalResponseNormalizationOptions;

  constructor(x: Value, options: LocalResponseNormalizationOptions) {
    this.inputs = [x];
    this.output = { shape: x.shape, producer: this };
    this.#options = options;
  }

  forward(emit: Emitter): void {
    const operands = { y: emit.define(this.output), x: emit.bufferOf(this.inputs[0]) };
    emit.compute('responseNorm', operands, this.#attributes());
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const operands = { dy: emit.gradientOf(this.output), x: emit.bufferOf(input) };
    emit.emitGradient(input, (dx) => emit.compute('responseNormGradient', { dx, ...operands }, this.#attributes()));
  }

  #attributes() {
    const [channels = 0, ...spatial] = this.output.shape;
    return { channels, pixels: sizeOf(spatial), ...this.#options };
  }
}
