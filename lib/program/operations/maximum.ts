import type { Emitter } from '../emitter.js';
import { Pair } from './pair.js';

/** `y = max(a, b)`, element by element. The gradient goes to the larger one, to a where both are equal. */
export class Maximum extends Pair {
  protected override emitForward(emit: Emitter, features: number): void {
    emit.compute('maximum', { y: emit.define(this.output), ...this.operands(emit) }, { features });
  }

  override gradient(emit: Emitter): void {
    const { features } = this;
    const operands = { dy: emit.gradientOf(this.output), ...this.operands(emit) };
    this.inputs.forEach((input, second) => {
      if (!emit.wants(input)) return;
      emit.emitGradient(input, (dx) => emit.compute('maximumGradient', { dx, ...operands }, { features, second }));
    });
  }
}
