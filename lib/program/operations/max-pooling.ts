import type { Shape } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Value } from '../operation.js';

export interface MaxPoolingOptions {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Padding before the first row and the first column. */
  readonly padding: readonly [number, number];
  readonly outputShape: Shape;
}

/** The largest element of each window. Its gradient goes to the first of the window's largest, as in PyTorch. */
export class MaxPooling implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters = [];
  readonly #options: MaxPoolingOptions;

  constructor(x: Value, options: MaxPoolingOptions) {
    this.inputs = [x];
    this.#options = options;
    this.output = { shape: options.outputShape, producer: this };
  }

  forward(emit: Emitter): void {
    const x = emit.valueOf(this.inputs[0]);
    emit.compute('maxPooling', { y: emit.define(this.output), x }, this.#attributes());
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    if (!emit.wants(input)) return;
    const dy = emit.gradientOf(this.output);
    const operands = { dx: emit.defineGradient(input), dy, x: emit.valueOf(input), y: emit.valueOf(this.output) };
    emit.compute('maxPoolingGradient', operands, this.#attributes());
  }

  #attributes() {
    const { poolSize, strides, padding } = this.#options;
    const [channels = 0, height = 0, width = 0] = this.inputs[0].shape;
    const [, outputHeight = 0, outputWidth = 0] = this.output.shape;
    return {
      channels,
      height,
      width,
      outputHeight,
      outputWidth,
      poolHeight: poolSize[0],
      poolWidth: poolSize[1],
      strideHeight: strides[0],
      strideWidth: strides[1],
      padTop: padding[0],
      padLeft: padding[1],
    };
  }
}
