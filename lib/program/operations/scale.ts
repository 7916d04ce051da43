import { sizeOf } from '../../util/shape.js';
import { channelRows } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** `y = factor x + offset`, for numbers known beforehand. */
export class Scale implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #factor: number;
  readonly #offset: number;

  constructor(x: Value, factor: number, offset = 0) {
    this.inputs = [x];
    this.output = { shape: x.shape, producer: this };
    this.#factor = factor;
    this.#offset = offset;
  }

  forward(emit: Emitter): void {
    this.#forward(emit, sizeOf(this.output.shape));
  }

  forwardOnChannels() {
    return (emit: Emitter) => this.#forward(emit, channelRows(this.output.shape));
  }

  #forward(emit: Emitter, features: number): void {
    const x = emit.bufferOf(this.inputs[0]);
    const attributes = { features, factor: this.#factor, offset: this.#offset };
    emit.compute('scale', { y: emit.define(this.output), x }, attributes);
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    const dx = emit.overGradientOf(this.output);
    emit.compute('scale', { y: dx, x: dy }, { features: sizeOf(this.output.shape), factor: this.#factor, offset: 0 });
    emit.giveGradient(input, dx);
  }
}
