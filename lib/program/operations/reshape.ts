import type { Shape } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** The same elements under another shape. Costs nothing: the sample is the innermost axis, so memory stays as it is. */
export class Reshape implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];

  constructor(x: Value, shape: Shape) {
    this.inputs = [x];
    this.output = { shape, producer: this };
  }

  forward(emit: Emitter): void {
    emit.alias(this.output, emit.valueOf(this.inputs[0]));
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (emit.wants(input)) emit.giveGradient(input, emit.gradientOf(this.output));
  }
}
