import { channelBlocks } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** An image seen in a mirror: left and right change places. Its gradient is seen in the same mirror. */
export class Mirror implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];

  constructor(x: Value) {
    this.inputs = [x];
    this.output = { shape: x.shape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute('mirror', { y: emit.define(this.output), x }, this.#attributes());
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      const [channels = 0] = this.output.shape;
      emit.compute('mirror', { y: emit.define(this.output), x }, this.#attributes(channelBlocks(channels)));
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    emit.emitGradient(input, (dx) => emit.compute('mirror', { y: dx, x: dy }, this.#attributes()));
  }

  #attributes(channels = this.output.shape[0] ?? 0) {
    const [, height = 0, columns = 0] = this.output.shape;
    return { rows: channels * height, columns };
  }
}
