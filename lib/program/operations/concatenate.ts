import { type Shape, sizeOf } from '../../util/shape.js';
import { channelBlocks } from '../channel-lanes.js';
import { LANES } from '../description.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** Tensors one behind another along an axis of the sample. Each gets its part of the gradient. */
export class Concatenate implements Operation {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly parameters = [];
  readonly #axis: number;

  constructor(inputs: readonly Value[], axis: number, shape: Shape) {
    this.inputs = inputs;
    this.output = { shape, producer: this };
    this.#axis = axis;
  }

  forward(emit: Emitter): void {
    this.#forward(emit, (shape) => shape);
  }

  /** Along the channels where they meet between blocks. */
  forwardOnChannels() {
    const aligned = this.inputs.slice(0, -1).every(({ shape: [channels = 0] }) => channels % LANES === 0);
    if (this.#axis === 0 && !aligned) return undefined;
    return (emit: Emitter) =>
      this.#forward(emit, ([channels = 0, ...spatial]) => [channelBlocks(channels), ...spatial]);
  }

  #forward(emit: Emitter, stored: (shape: Shape) => Shape): void {
    const y = emit.define(this.output);
    this.#pieces(stored).forEach(({ rows, features, first, all }, i) => {
      const x = emit.bufferOf(this.inputs[i] as Value);
      emit.compute('copyRows', { y, x }, { rows, features, to: first, yStride: all, from: 0, xStride: features });
    });
  }

  gradient(emit: Emitter): void {
    const dy = emit.gradientOf(this.output);
    this.#pieces((shape) => shape).forEach(({ rows, features, first, all }, i) => {
      const input = this.inputs[i] as Value;
      if (!emit.wants(input)) return;
      const attributes = { rows, features, to: 0, yStride: features, from: first, xStride: all };
      emit.emitGradient(input, (dx) => emit.compute('copyRows', { y: dx, x: dy }, attributes));
    });
  }

  /** Where each input lies in the output: `features` of every row of `all`, from `first` on. */
  #pieces(stored: (shape: Shape) => Shape) {
    const rows = sizeOf(stored(this.output.shape).slice(0, this.#axis));
    const all = sizeOf(stored(this.output.shape)) / rows;
    let end = 0;
    return this.inputs.map(({ shape }) => {
      const features = sizeOf(stored(shape)) / rows;
      end += features;
      return { rows, features, first: end - features, all };
    });
  }
}
