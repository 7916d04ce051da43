import type { Shape } from '../../util/shape.js';
import { channelBlocks } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

export interface ReframeOptions {
  /** Rows above and columns to the left of the image: negative where it is cropped. */
  readonly top: number;
  readonly left: number;
  readonly outputShape: Shape;
}

/** An image in a frame of another size: zeros around it, or rows and columns of it cut away. The gradient is put back. */
export class Reframe implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #options: ReframeOptions;

  constructor(x: Value, options: ReframeOptions) {
    this.inputs = [x];
    this.#options = options;
    this.output = { shape: options.outputShape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute('reframe', { y: emit.define(this.output), x }, this.#attributes());
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      const attributes = this.#attributes();
      const blocks = channelBlocks(attributes.channels);
      emit.compute('reframe', { y: emit.define(this.output), x }, { ...attributes, channels: blocks });
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const { channels, height, width, outputHeight, outputWidth, top, left } = this.#attributes();
    const back = {
      ...{ channels, height: outputHeight, width: outputWidth },
      ...{ outputHeight: height, outputWidth: width, top: -top, left: -left },
    };
    const dy = emit.gradientOf(this.output);
    emit.emitGradient(input, (dx) => emit.compute('reframe', { y: dx, x: dy }, back));
  }

  #attributes() {
    const [channels = 0, height = 0, width = 0] = this.inputs[0].shape;
    const { top, left, outputShape } = this.#options;
    const [, outputHeight = 0, outputWidth = 0] = outputShape;
    return { channels, height, width, outputHeight, outputWidth, top, left };
  }
}
