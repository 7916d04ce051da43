import { channelBlocks } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';
import { type PoolingOptions, poolingAttributes } from './pooling-attributes.js';

/** One number of each window of each channel. */
export abstract class Pooling implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  /** Name of the native call. */
  protected abstract readonly op: 'maxPooling' | 'averagePooling';
  readonly #options: PoolingOptions;

  constructor(x: Value, options: PoolingOptions) {
    this.inputs = [x];
    this.#options = options;
    this.output = { shape: options.outputShape, producer: this };
  }

  forward(emit: Emitter): void {
    this.#forward(emit, this.attributes);
  }

  forwardOnChannels() {
    const { attributes } = this;
    return (emit: Emitter) => this.#forward(emit, { ...attributes, channels: channelBlocks(attributes.channels) });
  }

  abstract gradient(emit: Emitter): void;

  protected get attributes() {
    return poolingAttributes(this.inputs[0], this.#options);
  }

  #forward(emit: Emitter, attributes: Pooling['attributes']): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute(this.op, { y: emit.define(this.output), x }, attributes);
  }
}
