import { type Shape, sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import { channelBlocks } from '../channel-lanes.js';
import { LANES } from '../description.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** With lanes of channels: a value as its elements lie in `shape`, without lanes. */
export function flat(emit: Emitter, x: Buffer, shape: Shape): Buffer {
  const [channels = 1, ...spatial] = shape;
  const pixels = sizeOf(spatial);
  if (pixels === 1) return x;
  const y = emit.group(channelBlocks(channels * pixels) * LANES);
  emit.compute('flatten', { y, x }, { channels, pixels });
  return y;
}

/** A value as it was before its elements got another shape. */
export function beforeReshapes(value: Value): Value {
  return value.producer instanceof Reshape ? beforeReshapes(value.producer.inputs[0]) : value;
}

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
    emit.alias(this.output, emit.bufferOf(this.inputs[0]));
  }

  forwardOnChannels() {
    const [input] = this.inputs;
    if (this.output.shape.length !== 1) return undefined;
    return (emit: Emitter) => {
      emit.alias(this.output, flat(emit, emit.bufferOf(input), input.shape));
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (emit.wants(input)) emit.giveGradient(input, emit.gradientOf(this.output));
  }
}
