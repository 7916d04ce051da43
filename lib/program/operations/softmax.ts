import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/**
 * `y = exp(x - max x) / sum`, over all elements of a sample, with gradient `dx = y (dy - sum dy y)`; or its logarithm
 * `y = x - ln(sum exp x)`, with gradient `dx = dy - exp(y) sum dy`.
 */
export class Softmax implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly op: 'softmax' | 'logSoftmax';

  constructor(x: Value, op: 'softmax' | 'logSoftmax' = 'softmax') {
    this.inputs = [x];
    this.op = op;
    this.output = { shape: x.shape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute(this.op, { y: emit.define(this.output), x }, { classes: sizeOf(this.output.shape) });
  }

  forwardOnChannels() {
    const { shape } = this.output;
    if (shape.length !== 1 || this.op !== 'softmax') return undefined;
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      emit.compute('flatSoftmax', { y: emit.define(this.output), x }, { classes: sizeOf(shape) });
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    const dx = emit.overGradientOf(this.output);
    const y = emit.bufferOf(this.output);
    emit.compute(`${this.op}Gradient`, { dx, dy, y }, { classes: sizeOf(this.output.shape) });
    emit.giveGradient(input, dx);
  }
}
