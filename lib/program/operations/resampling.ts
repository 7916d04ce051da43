import { channelBlocks } from '../channel-lanes.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

/** How values between pixels are found: the nearest pixel, or the weighted mean of four. */
export type Interpolation = 'nearest' | 'bilinear';

export interface ResamplingOptions {
  /** Whole factors, `[height, width]`. */
  readonly scale: readonly [number, number];
  readonly interpolation: Interpolation;
}

/** An image enlarged. Each gradient goes to the positions its output was taken from, by their weights. */
export class Resampling implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #options: ResamplingOptions;

  constructor(x: Value, options: ResamplingOptions) {
    const [channels = 0, height = 0, width = 0] = x.shape;
    const { scale } = options;
    this.inputs = [x];
    this.#options = options;
    this.output = { shape: [channels, height * scale[0], width * scale[1]], producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute('resampling', { y: emit.define(this.output), x }, this.#attributes());
  }

  forwardOnChannels() {
    return (emit: Emitter) => {
      const x = emit.bufferOf(this.inputs[0]);
      const attributes = this.#attributes();
      const blocks = channelBlocks(attributes.channels);
      emit.compute('resampling', { y: emit.define(this.output), x }, { ...attributes, channels: blocks });
    };
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    emit.emitGradient(input, (dx) => emit.compute('resamplingGradient', { dx, dy }, this.#attributes()));
  }

  #attributes() {
    const [channels = 0, height = 0, width = 0] = this.inputs[0].shape;
    const { scale, interpolation } = this.#options;
    return { channels, height, width, scaleHeight: scale[0], scaleWidth: scale[1], interpolation };
  }
}
