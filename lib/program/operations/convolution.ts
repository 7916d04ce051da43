import { type Shape, sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { FusedActivation, Operation, Parameter, Value } from '../operation.js';

export interface ConvolutionOptions {
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  readonly strides: readonly [number, number];
  /** Padding before the first row and the first column; what the end needs follows from `outputShape`. */
  readonly padding: readonly [number, number];
  readonly outputShape: Shape;
  readonly activation: FusedActivation;
}

/**
 * `y = act(conv2d(x, w) + b)`, a cross-correlation as everywhere in the field: x `[C, H, W]`, w `[K, C, R, S]`,
 * y `[K, OH, OW]`.
 *
 * Its gradients (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016): that of x is the
 * transposed convolution of dy with w; that of w correlates x with dy.
 */
export class Convolution implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly #options: ConvolutionOptions;

  constructor(x: Value, options: ConvolutionOptions, output?: Value) {
    this.inputs = [x];
    this.#options = options;
    this.output = output ?? { shape: options.outputShape, producer: this };
    this.parameters = options.bias ? [options.kernel, options.bias] : [options.kernel];
  }

  forward(emit: Emitter): void {
    const { bias, activation } = this.#options;
    const y = emit.define(this.output);
    const x = emit.valueOf(this.inputs[0]);
    const w = this.#packed(emit, false);
    const operands = bias ? { y, x, w, bias: emit.parameter(bias) } : { y, x, w };
    emit.compute('convolution', operands, { ...this.#attributes(), activation });
  }

  gradient(emit: Emitter): void {
    const { kernel, bias, activation } = this.#options;
    const [input] = this.inputs;
    const dy = emit.gradientOf(this.output);
    const [outputs = 0, ...spatial] = this.output.shape;
    if (activation !== 'linear') {
      const y = emit.valueOf(this.output);
      emit.compute('activationGradient', { dx: dy, dy, y }, { activation, features: sizeOf(this.output.shape) });
    }
    const x = emit.valueOf(input);
    emit.compute('convolutionWeightGradient', { dw: emit.partialGradient(kernel), dy, x }, this.#attributes());
    if (bias) {
      const db = emit.partialGradient(bias);
      emit.compute('biasGradient', { db, dy }, { channels: outputs, pixels: sizeOf(spatial) });
    }
    if (emit.wants(input)) {
      const dx = emit.defineGradient(input);
      emit.compute('convolutionDataGradient', { dx, dy, w: this.#packed(emit, true) }, this.#attributes());
    }
  }

  withActivation(activation: FusedActivation, output: Value): Convolution {
    return new Convolution(this.inputs[0], { ...this.#options, activation }, output);
  }

  /** The kernel in the order native code reads it: a copy made anew whenever parameters may have changed. */
  #packed(emit: Emitter, swapped: boolean) {
    const { kernel } = this.#options;
    const [outputs = 0, inputs = 0, rows = 0, columns = 0] = kernel.shape;
    const packed = emit.shared(sizeOf(kernel.shape));
    const attributes = { outputs, inputs, taps: rows * columns, swapped: swapped ? 1 : 0 };
    emit.prepare('packWeights', { packed, w: emit.parameter(kernel) }, attributes);
    return packed;
  }

  #attributes() {
    const { kernel, strides, padding } = this.#options;
    const [inputs = 0, height = 0, width = 0] = this.inputs[0].shape;
    const [outputs = 0, outputHeight = 0, outputWidth = 0] = this.output.shape;
    return {
      inputs,
      outputs,
      inputShape: [height, width],
      outputShape: [outputHeight, outputWidth],
      kernelSize: kernel.shape.slice(2),
      strides,
      dilation: [1, 1],
      padding,
    };
  }
}
