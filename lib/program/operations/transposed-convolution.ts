import type { Emitter } from '../emitter.js';
import type { FusedActivation, Operation, Parameter, Value } from '../operation.js';
import { beforeActivation } from './before-activation.js';
import { emitBiasGradient, emitConvolution, emitTransposed, emitWeightGradient } from './convolution-calls.js';
import type { ConvolutionGeometry } from './convolution-geometry.js';

export interface TransposedConvolutionOptions
  extends Pick<ConvolutionGeometry, 'strides' | 'dilation' | 'padding' | 'groups'> {
  /** `[C, K / groups, R, S]`, as in PyTorch. */
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  /** `[K, OH, OW]`. */
  readonly outputShape: readonly number[];
  readonly activation: FusedActivation;
  /** A value of the output's shape to be added before the activation. */
  readonly addend?: Value;
}

/**
 * `y = act(transposed(x, w) + b + addend)`: x `[C, H, W]`, w `[C, K / groups, R, S]`, y `[K, OH, OW]`.
 *
 * It goes the way of the gradient of the convolution that makes x of y. So its forward rule is that one's data gradient, its data gradient
 * that one's forward rule, and the gradient of its weights is that one's with x and dy in each other's place (Dumoulin and
 * Visin, "A guide to convolution arithmetic for deep learning", 2016).
 */
export class TransposedConvolution implements Operation {
  readonly inputs: readonly [Value, ...Value[]];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly #options: TransposedConvolutionOptions;
  /** Of the convolution whose gradient it is. */
  readonly #matching: ConvolutionGeometry;

  constructor(x: Value, options: TransposedConvolutionOptions, output?: Value) {
    const { kernel, bias, strides, dilation, padding, groups, outputShape, addend } = options;
    this.inputs = addend ? [x, addend] : [x];
    this.output = output ?? { shape: outputShape, producer: this };
    this.parameters = bias ? [kernel, bias] : [kernel];
    this.#options = options;
    this.#matching = {
      ...{ kernelShape: kernel.shape, inputShape: outputShape, outputShape: x.shape },
      ...{ strides, dilation, padding, groups, flip: false, transposed: true },
    };
  }

  forward(emit: Emitter): void {
    const { kernel, bias, addend, activation } = this.#options;
    const operands = {
      dx: emit.define(this.output),
      dy: emit.bufferOf(this.inputs[0]),
      kernel: emit.parameter(kernel),
      ...(bias && { bias: emit.parameter(bias) }),
      ...(addend && { addend: emit.bufferOf(addend) }),
    };
    emitTransposed(emit, this.#matching, operands, activation);
  }

  gradient(emit: Emitter): void {
    const { kernel, bias, addend, activation } = this.#options;
    const [input] = this.inputs;
    const dy = beforeActivation(emit, this.output, activation);
    if (addend && emit.wants(addend)) emit.giveGradient(addend, dy, true);
    if (kernel.trainable) emitWeightGradient(emit, this.#matching, kernel, { x: dy, dy: emit.bufferOf(input) });
    if (bias?.trainable) emitBiasGradient(emit, bias, dy, this.output.shape);
    if (emit.wants(input)) {
      const w = emit.parameter(kernel);
      emit.emitGradientSum(input, ({ dx, ...addends }) => {
        emitConvolution(emit, this.#matching, { y: dx, x: dy, kernel: w, ...addends }, 'linear');
      });
    }
  }

  withActivation(activation: FusedActivation, output: Value): TransposedConvolution | undefined {
    return this.#followedBy({ activation }, output);
  }

  withAddend(addend: Value, output: Value): TransposedConvolution | undefined {
    return this.#options.addend ? undefined : this.#followedBy({ addend }, output);
  }

  /** Nothing follows an activation: it is the last thing done on the way out. */
  #followedBy(more: Partial<TransposedConvolutionOptions>, output: Value): TransposedConvolution | undefined {
    if (this.#options.activation !== 'linear') return undefined;
    return new TransposedConvolution(this.inputs[0], { ...this.#options, ...more }, output);
  }
}
