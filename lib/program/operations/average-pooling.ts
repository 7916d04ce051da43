import { channelBlocks } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';
import { type PoolingOptions, poolingAttributes } from './pooling-attributes.js';

/** The mean of each window. Its gradient goes to the window's inputs in equal shares. */
export class AveragePooling implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #options: PoolingOptions;

  constructor(x: Value, options: PoolingOptions) {
    this.inputs = [x];
    this.#options = options;
    this.output = { shape: options.outputShape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute(
      'averagePooling',
      { y: emit.define(this.output), x },
      poolingAttributes(this.inputs[0], this.#options),
    );
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      const attributes = poolingAttributes(this.inputs[0], this.#options);
      const blocks = channelBlocks(attributes.channels);
      emit.compute('averagePooling', { y: emit.define(this.output), x }, { ...attributes, channels: blocks });
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    emit.emitGradient(input, (dx) =>
      emit.compute('averagePoolingGradient', { dx, dy }, poolingAttributes(this.inputs[0], this.#options)),
    );
  }
}
