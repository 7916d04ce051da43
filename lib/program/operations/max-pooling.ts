import { channelBlocks } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';
import { type PoolingOptions, poolingAttributes } from './pooling-attributes.js';

/**
 * The largest element of each window. Its gradient goes to the first of the window's largest, as in PyTorch. Behind a relu it passes that
 * one's gradient too: an element that is largest is positive where the result is, of which there are fewer to look at.
 */
export class MaxPooling implements Operation {
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
    emit.compute('maxPooling', { y: emit.define(this.output), x }, poolingAttributes(this.inputs[0], this.#options));
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      const attributes = poolingAttributes(this.inputs[0], this.#options);
      const blocks = channelBlocks(attributes.channels);
      emit.compute('maxPooling', { y: emit.define(this.output), x }, { ...attributes, channels: blocks });
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    const operands = { dy, x: emit.bufferOf(input), y: emit.bufferOf(this.output) };
    const behindRelu = input.producer?.activation === 'relu';
    const attributes = { ...poolingAttributes(input, this.#options), relu: behindRelu ? 1 : 0 };
    emit.emitGradient(input, (dx) => emit.compute('maxPoolingGradient', { ...operands, dx }, attributes), behindRelu);
  }
}
