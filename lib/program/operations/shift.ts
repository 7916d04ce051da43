import { channelBlocks } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/**
 * An image moved by whole pixels: `y[c, i, j] = x[c, i + down, j + right]`, and beyond an edge the image mirrored about its outermost
 * pixels. Each gradient goes to the pixel its output was taken from.
 */
export class Shift implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #down: number;
  readonly #right: number;

  constructor(x: Value, down: number, right: number) {
    this.inputs = [x];
    this.output = { shape: x.shape, producer: this };
    this.#down = down;
    this.#right = right;
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute('shift', { y: emit.define(this.output), x }, this.#attributes());
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      const [channels = 0] = this.output.shape;
      emit.compute('shift', { y: emit.define(this.output), x }, this.#attributes(channelBlocks(channels)));
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    emit.emitGradient(input, (dx) => emit.compute('shiftGradient', { dx, dy }, this.#attributes()));
  }

  #attributes(channels = this.output.shape[0] ?? 0) {
    const [, height = 0, width = 0] = this.output.shape;
    return { channels, height, width, down: this.#down, right: this.#right };
  }
}
