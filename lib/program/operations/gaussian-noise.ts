import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';
import { type Draws, drawAttributes } from './draws.js';

export interface GaussianNoiseOptions {
  readonly stddev: number;
  readonly draws: Draws;
}

/** In training `y = x + stddev * z` with normally distributed z, otherwise `y = x`. The gradient of y is that of x. */
export class GaussianNoise implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #options: GaussianNoiseOptions;

  constructor(x: Value, options: GaussianNoiseOptions) {
    this.inputs = [x];
    this.#options = options;
    this.output = { shape: x.shape, producer: this };
  }

  forward(emit: Emitter): void {
    const { stddev, draws } = this.#options;
    const x = emit.bufferOf(this.inputs[0]);
    if (!emit.training || stddev === 0) {
      emit.alias(this.output, x);
      return;
    }
    const attributes = { units: sizeOf(this.output.shape), deviation: stddev, ...drawAttributes(emit, draws) };
    emit.compute('gaussianNoise', { y: emit.define(this.output), x }, attributes);
  }

  /** With lanes of channels nothing is trained. */
  forwardOnChannels() {
    return (emit: Emitter) => this.forward(emit);
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (emit.wants(input)) emit.giveGradient(input, emit.gradientOf(this.output));
  }
}
