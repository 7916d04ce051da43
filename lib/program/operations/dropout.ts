import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';
import { type Draws, drawAttributes } from './draws.js';

export interface DropoutOptions {
  readonly rate: number;
  /** Whether whole channels of `[C, ...]` are dropped, not single values. */
  readonly channels: boolean;
  readonly draws: Draws;
}

/**
 * In training `y = x / (1 - rate)` where a random number says so and 0 elsewhere, with the same numbers for the gradient; otherwise
 * `y = x`.
 */
export class Dropout implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #options: DropoutOptions;

  constructor(x: Value, options: DropoutOptions) {
    this.inputs = [x];
    this.#options = options;
    this.output = { shape: x.shape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    if (this.#isIdentity(emit)) emit.alias(this.output, x);
    else emit.compute('dropout', { y: emit.define(this.output), x }, this.#attributes(emit));
  }

  /** With lanes of channels nothing is trained. */
  forwardOnChannels() {
    return (emit: Emitter) => this.forward(emit);
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    if (this.#isIdentity(emit)) {
      emit.giveGradient(input, dy);
      return;
    }
    const dx = emit.overGradientOf(this.output);
    emit.compute('dropoutGradient', { dx, dy }, this.#attributes(emit));
    emit.giveGradient(input, dx);
  }

  #isIdentity(emit: Emitter): boolean {
    return !emit.training || this.#options.rate === 0;
  }

  #attributes(emit: Emitter) {
    const { rate, channels, draws } = this.#options;
    const features = sizeOf(this.output.shape);
    const units = channels ? (this.output.shape[0] ?? 1) : features;
    return { units, pixels: features / units, share: rate, ...drawAttributes(emit, draws) };
  }
}
