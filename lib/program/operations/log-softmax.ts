import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** `y = x - ln(sum exp x)`, over all elements of a sample. Gradient: `dx = dy - exp(y) sum dy`. */
export class LogSoftmax implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];

  constructor(x: Value) {
    this.inputs = [x];
    this.output = { shape: x.shape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.valueOf(this.inputs[0]);
    emit.compute('logSoftmax', { y: emit.define(this.output), x }, { classes: sizeOf(this.output.shape) });
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    const dx = emit.overGradientOf(this.output);
    const y = emit.valueOf(this.output);
    emit.compute('logSoftmaxGradient', { dx, dy, y }, { classes: sizeOf(this.output.shape) });
    emit.giveGradient(input, dx);
  }
}
