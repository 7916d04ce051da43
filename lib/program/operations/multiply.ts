import { sizeOf } from '../../util/shape.js';
import { channelRows } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** `y = a b`, element by element. Gradients: `da = dy b`, `db = dy a`. */
export class Multiply implements Operation {
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
    const [a, b] = [emit.bufferOf(this.inputs[0]), emit.bufferOf(this.inputs[1])];
    emit.compute('multiply', { y: emit.define(this.output), a, b }, { features });
  }

  gradient(emit: Emitter): void {
    const dy = emit.gradientOf(this.output);
    const [a, b] = this.inputs;
    for (const [input, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!emit.wants(input)) continue;
      const operands = { a: dy, b: emit.bufferOf(other) };
      emit.emitGradient(input, (dx) =>
        emit.compute('multiply', { y: dx, ...operands }, { features: sizeOf(this.output.shape) }),
      );
    }
  }
}
