import { sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import { channelBlocks } from '../channel-lanes.js';
import { LANES } from '../description.js';
import type { Emitter } from '../emitter.js';
import type { FusedActivation, Operation, Parameter, Value } from '../operation.js';
import { emitChannelActivation } from './activation.js';
import type { BatchNormalizationOptions } from './batch-normalization.js';
import { beforeActivation } from './before-activation.js';
import { isWinogradOnChannels, WINOGRAD_POINTS } from './convolution-algorithm.js';
import { emitBiasGradient, emitConvolution, emitTransposed, emitWeightGradient } from './convolution-calls.js';
import { type ConvolutionGeometry, convolutionAttributes, isDepthwise } from './convolution-geometry.js';
import { foldedWeights } from './folded-weights.js';

export interface ConvolutionOptions extends Omit<ConvolutionGeometry, 'kernelShape' | 'inputShape'> {
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  readonly activation: FusedActivation;
  /** A value of the output's shape to be added before the activation. */
  readonly addend?: Value;
  /** A batch normalisation of fixed statistics, folded into kernel and bias. */
  readonly normalization?: BatchNormalizationOptions;
}

/**
 * `y = act(conv2d(x, w) + b + addend)`, a cross-correlation as everywhere in the field, or with `flip` a convolution as mathematics has
 * it: x `[C, H, W]`, w `[K, C / groups, R, S]`, y `[K, OH, OW]`.
 *
 * Its gradients (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016): that of x is the
 * transposed convolution of dy with w; that of w correlates x with dy.
 */
export class Convolution implements Operation {
  readonly inputs: readonly [Value, ...Value[]];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly options: ConvolutionOptions;
  readonly geometry: ConvolutionGeometry;

  constructor(x: Value, options: ConvolutionOptions, output?: Value) {
    this.inputs = options.addend ? [x, options.addend] : [x];
    this.options = options;
    this.geometry = { ...geometryOf(options), kernelShape: options.kernel.shape, inputShape: x.shape };
    this.output = output ?? { shape: options.outputShape, producer: this };
    this.parameters = options.bias ? [options.kernel, options.bias] : [options.kernel];
  }

  forward(emit: Emitter): void {
    const { activation, addend } = this.options;
    const { kernel, bias } = foldedWeights(emit, this.options);
    const operands = {
      y: emit.define(this.output),
      x: emit.bufferOf(this.inputs[0]),
      kernel,
      ...(bias && { bias }),
      ...(addend && { addend: emit.bufferOf(addend) }),
    };
    emitConvolution(emit, this.geometry, operands, activation);
  }

  /** For convolutions with one group, or with one for each channel. */
  forwardOnChannels() {
    const { groups, kernel, activation, addend } = this.options;
    const [filters = 0] = kernel.shape;
    if (groups > 1 && !isDepthwise(this.geometry)) return undefined;
    return (emit: Emitter) => {
      const attributes = convolutionAttributes(this.geometry);
      const padded = channelBlocks(filters) * LANES;
      const { kernel: w, bias } = foldedWeights(emit, this.options);
      const winograd = isWinogradOnChannels(this.geometry);
      const taps = winograd ? WINOGRAD_POINTS : sizeOf(kernel.shape.slice(2));
      const packed = emit.shared(padded * (kernel.shape[1] ?? 0) * taps);
      const packedBias = bias && emit.shared(padded);
      const weights = { packed, w };
      const prepare = winograd ? 'channelWinogradWeights' : 'channelWeights';
      emit.prepare(prepare, bias && packedBias ? { ...weights, bias, packedBias } : weights, attributes);
      const y = emit.define(this.output);
      const operands: Record<string, Buffer> = { y, x: emit.bufferOf(this.inputs[0]), w: packed };
      if (packedBias) operands.bias = packedBias;
      if (addend) operands.addend = emit.bufferOf(addend);
      const relu = activation === 'relu' ? 1 : 0;
      emit.compute(winograd ? 'channelWinogradConvolution' : 'channelConvolution', operands, { ...attributes, relu });
      if (activation !== 'linear' && !relu) emitChannelActivation(emit, y, y, this.output.shape, activation);
    };
  }

  gradient(emit: Emitter): void {
    const { kernel, bias, activation, addend } = this.options;
    const [input] = this.inputs;
    const dy = beforeActivation(emit, this.output, activation);
    if (addend && emit.wants(addend)) emit.giveGradient(addend, dy, true);
    if (kernel.trainable) emitWeightGradient(emit, this.geometry, kernel, { x: emit.bufferOf(input), dy });
    if (bias?.trainable) emitBiasGradient(emit, bias, dy, this.output.shape);
    if (emit.wants(input)) {
      const w = emit.parameter(kernel);
      emit.emitGradientSum(input, (operands) => {
        emitTransposed(emit, this.geometry, { ...operands, dy, kernel: w });
      });
    }
  }

  withActivation(activation: FusedActivation, output: Value): Convolution | undefined {
    return this.#followedBy({ activation }, output);
  }

  withAddend(addend: Value, output: Value): Convolution | undefined {
    return this.options.addend ? undefined : this.#followedBy({ addend }, output);
  }

  withBatchNormalization(normalization: BatchNormalizationOptions, output: Value): Convolution | undefined {
    const { addend, normalization: before } = this.options;
    return addend || before ? undefined : this.#followedBy({ normalization }, output);
  }

  /** Nothing follows an activation: it is the last thing done on the way out. */
  #followedBy(more: Partial<ConvolutionOptions>, output: Value): Convolution | undefined {
    if (this.options.activation !== 'linear') return undefined;
    return new Convolution(this.inputs[0], { ...this.options, ...more }, output);
  }
}

function geometryOf(options: ConvolutionOptions): Omit<ConvolutionGeometry, 'kernelShape' | 'inputShape'> {
  const { strides, dilation, padding, groups, flip, outputShape } = options;
  return { strides, dilation, padding, groups, flip, outputShape };
}
