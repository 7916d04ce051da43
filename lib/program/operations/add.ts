import type { Emitter } from '../emitter.js';
import type { FusedActivation, Value } from '../operation.js';
import { beforeActivation } from './before-activation.js';
import { Pair } from './pair.js';

/** `y = act(a + b)`, element by element. The gradient of y is that of both. */
export class Add extends Pair {
  readonly activation: 'linear' | 'relu';

  constructor(a: Value, b: Value, activation: 'linear' | 'relu' = 'linear', output?: Value) {
    super(a, b, output);
    this.activation = activation;
  }

  protected override emitForward(emit: Emitter, features: number): void {
    const attributes = { features, relu: this.activation === 'relu' ? 1 : 0 };
    emit.compute('add', { y: emit.define(this.output), ...this.operands(emit) }, attributes);
  }

  override gradient(emit: Emitter): void {
    const dx = beforeActivation(emit, this.output, this.activation);
    for (const input of this.inputs) {
      if (emit.wants(input)) emit.giveGradient(input, dx, true);
    }
  }

  withActivation(activation: FusedActivation, output: Value): Add | undefined {
    return activation === 'relu' ? new Add(...this.inputs, activation, output) : undefined;
  }
}
