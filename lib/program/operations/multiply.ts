import type { Emitter } from '../emitter.js';
import { Pair } from './pair.js';

/** `y = a b`, element by element. Gradients: `da = dy b`, `db = dy a`. */
export class Multiply extends Pair {
  protected override emitForward(emit: Emitter, features: number): void {
    emit.compute('multiply', { y: emit.define(this.output), ...this.operands(emit) }, { features });
  }

  override gradient(emit: Emitter): void {
    const dy = emit.gradientOf(this.output);
    const [a, b] = this.inputs;
    for (const [input, other] of [
      [a, b],
      [b, a],
    ] as const) {
      if (!emit.wants(input)) continue;
      const operands = { a: dy, b: emit.bufferOf(other) };
      emit.emitGradient(input, (dx) => emit.compute('multiply', { y: dx, ...operands }, { features: this.features }));
    }
  }
}
