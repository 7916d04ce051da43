import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { FusedActivation, Operation, Value } from '../operation.js';

/** `y = f(x)`, element by element, for an f whose derivative follows from y: relu, sigmoid, tanh. */
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
    const x = emit.valueOf(this.inputs[0]);
    emit.compute('activation', { y: emit.define(this.output), x }, this.#attributes());
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    const dx = emit.overGradientOf(this.output);
    emit.compute('activationGradient', { dx, dy, y: emit.valueOf(this.output) }, this.#attributes());
    emit.giveGradient(input, dx);
  }

  #attributes() {
    return { activation: this.activation, features: sizeOf(this.output.shape) };
  }
}
