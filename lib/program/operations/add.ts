import { sizeOf } from '../../util/shape.js';
import { channelRows } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { FusedActivation, Operation, Value } from '../operation.js';
import { beforeActivation } from './before-activation.js';

/** `y = act(a + b)`, element by element. The gradient of y is that of both. */
export class Add implements Operation {
  readonly inputs: readonly [Value, Value];
  readonly output: Value;
  readonly parameters = [];
  readonly activation: 'linear' | 'relu';

  constructor(a: Value, b: Value, activation: 'linear' | 'relu' = 'linear', output?: Value) {
    this.inputs = [a, b];
    this.activation = activation;
    this.output = output ?? { shape: a.shape, producer: this };
  }

  forward(emit: Emitter): void {
    this.#forward(emit, sizeOf(this.output.shape));
  }

  forwardOnChannels() {
    return (emit: Emitter) => this.#forward(emit, channelRows(this.output.shape));
  }

  #forward(emit: Emitter, features: number): void {
    const [a, b] = [emit.bufferOf(this.inputs[0]), emit.bufferOf(this.inputs[1])];
    const attributes = { features, relu: this.activation === 'relu' ? 1 : 0 };
    emit.compute('add', { y: emit.define(this.output), a, b }, attributes);
  }

  gradient(emit: Emitter): void {
    const dx = beforeActivation(emit, this.output, this.activation);
    for (const input of this.inputs) {
      if (emit.wants(input)) emit.giveGradient(input, dx, true);
    }
  }

  withActivation(activation: FusedActivation, output: Value): Add | undefined {
    return activation === 'relu' ? new Add(...this.inputs, activation, output) : undefined;
  }
}
