import { sizeOf } from '../../util/shape.js';
import { channelRows } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** An element of y for each pair of elements of two tensors of the same shape. */
export abstract class Pair implements Operation {
  readonly inputs: readonly [Value, Value];
  readonly output: Value;
  readonly parameters = [];

  constructor(a: Value, b: Value, output?: Value) {
    this.inputs = [a, b];
    this.output = output ?? { shape: a.shape, producer: this };
  }

  forward(emit: Emitter): void {
    this.emitForward(emit, this.features);
  }

  forwardOnChannels() {
    return (emit: Emitter) => this.emitForward(emit, channelRows(this.output.shape));
  }

  abstract gradient(emit: Emitter): void;

  /** The forward rule for so many rows of lanes. */
  protected abstract emitForward(emit: Emitter, features: number): void;

  /** Elements of a sample. */
  protected get features(): number {
    return sizeOf(this.output.shape);
  }

  protected operands(emit: Emitter) {
    return { a: emit.bufferOf(this.inputs[0]), b: emit.bufferOf(this.inputs[1]) };
  }
}
