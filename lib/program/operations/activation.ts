import { type Shape, sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import { channelRows } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import { activationAttributes, needsInput } from '../fused-activation.js';
import type { FusedActivation, Operation, Value } from '../operation.js';
import { beforeActivation } from './before-activation.js';

/** `y = f(x)` with lanes of channels; y may be x. */
export function emitChannelActivation(
  emit: Emitter,
  y: Buffer,
  x: Buffer,
  shape: Shape,
  activation: FusedActivation,
): void {
  emit.compute('activation', { y, x }, { ...activationAttributes(activation), features: channelRows(shape) });
}

/** `y = f(x)`, element by element. */
export class Activation implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly activation: Exclude<FusedActivation, 'linear'>;

  constructor(x: Value, activation: Exclude<FusedActivation, 'linear'>) {
    this.inputs = [x];
    this.activation = activation;
    this.output = { shape: x.shape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute('activation', { y: emit.define(this.output), x }, this.#attributes());
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      emitChannelActivation(emit, emit.define(this.output), x, this.output.shape, this.activation);
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    if (!needsInput(this.activation)) {
      emit.giveGradient(input, beforeActivation(emit, this.output, this.activation));
      return;
    }
    const dy = emit.gradientOf(this.output);
    const dx = emit.overGradientOf(this.output);
    emit.compute('activationGradient', { dx, dy, x: emit.bufferOf(input) }, this.#attributes());
    emit.giveGradient(input, dx);
  }

  #attributes() {
    return { ...activationAttributes(this.activation), features: sizeOf(this.output.shape) };
  }
}
