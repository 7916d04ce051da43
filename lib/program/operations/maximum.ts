import { sizeOf } from '../../util/shape.js';
import { channelRows } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** `y = max(a, b)`, element by element. The gradient goes to the larger one, to a where both are equal. */
export class Maximum implements Operation {
  readonly inputs: readonly [Value, Value];
  readonly output: Value;
  readonly parameters = [];

  constructor(a: Value, b: Value) {
    this.inputs = [a, b];
    this.output = { shape: a.shape, producer: this };
  }

  forward(emit: Emitter): void {
    this.#forward(emit, sizeOf(this.output.shape));
  }

  forwardOnChannels() {
    return (emit: Emitter) => this.#forward(emit, channelRows(this.output.shape));
  }

  #forward(emit: Emitter, features: number): void {
    emit.compute('maximum', { y: emit.define(this.output), ...this.#operands(emit) }, { features });
  }

  gradient(emit: Emitter): void {
    const operands = { dy: emit.gradientOf(this.output), ...this.#operands(emit) };
    const features = sizeOf(this.output.shape);
    this.inputs.forEach((input, second) => {
      if (!emit.wants(input)) return;
      emit.emitGradient(input, (dx) => emit.compute('maximumGradient', { dx, ...operands }, { features, second }));
    });
  }

  #operands(emit: Emitter) {
    return { a: emit.bufferOf(this.inputs[0]), b: emit.bufferOf(this.inputs[1]) };
  }
}
