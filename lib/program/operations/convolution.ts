import { type Shape, sizeOf } from '../../util/shape.js';
import { channelBlocks } from '../channel-lanes.js';
import { LANES } from '../description.js';
import type { Buffer, Emitter } from '../emitter.js';
import { activationAttributes } from '../fused-activation.js';
import type { FusedActivation, Operation, Parameter, Value } from '../operation.js';
import { emitChannelActivation } from './activation.js';
import type { BatchNormalizationOptions } from './batch-normalization.js';
import { beforeActivation } from './before-activation.js';
import { foldedWeights } from './folded-weights.js';

export interface ConvolutionOptions {
  readonly kernel: Parameter;
  readonly bias: Parameter | null;
  readonly strides: readonly [number, number];
  /** Padding before the first row and the first column; what the end needs follows from `outputShape`. */
  readonly padding: readonly [number, number];
  /** Channels are split into so many groups, each convolved for itself. */
  readonly groups: number;
  readonly outputShape: Shape;
  readonly activation: FusedActivation;
  /** A value of the output's shape to be added before the activation. */
  readonly addend?: Value;
  /** A batch normalisation of fixed statistics, folded into kernel and bias. */
  readonly normalization?: BatchNormalizationOptions;
}

type Algorithm = 'direct' | 'pointwise' | 'winograd';

/** Native operators by algorithm and direction. */
const OPERATORS = {
  direct: {
    forward: 'convolution',
    dataGradient: 'convolutionDataGradient',
    weightGradient: 'convolutionWeightGradient',
  },
  pointwise: {
    forward: 'pointwiseConvolution',
    dataGradient: 'pointwiseDataGradient',
    weightGradient: 'pointwiseWeightGradient',
  },
  winograd: {
    forward: 'winogradConvolution',
    dataGradient: 'winogradDataGradient',
    weightGradient: 'winogradWeightGradient',
  },
} as const satisfies Record<Algorithm, Record<string, string>>;

/** Winograd's tiles produce 4x4 outputs from so many channels on faster than the direct kernels (docs/performance.md). */
const LEAST_WINOGRAD_CHANNELS = 16;
const WINOGRAD_TILE = 4;

/**
 * `y = act(conv2d(x, w) + b + addend)`, a cross-correlation as everywhere in the field: x `[C, H, W]`, w `[K, C / groups, R, S]`,
 * y `[K, OH, OW]`.
 *
 * Its gradients (Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016): that of x is the
 * transposed convolution of dy with w; that of w correlates x with dy.
 */
export class Convolution implements Operation {
  readonly inputs: readonly [Value, ...Value[]];
  readonly output: Value;
  readonly parameters: readonly Parameter[];
  readonly options: ConvolutionOptions;

  constructor(x: Value, options: ConvolutionOptions, output?: Value) {
    this.inputs = options.addend ? [x, options.addend] : [x];
    this.options = options;
    this.output = output ?? { shape: options.outputShape, producer: this };
    this.parameters = options.bias ? [options.kernel, options.bias] : [options.kernel];
  }

  forward(emit: Emitter): void {
    const { activation, addend } = this.options;
    const weights = foldedWeights(emit, this.options);
    const operands: Record<string, Buffer> = {
      y: emit.define(this.output),
      x: emit.valueOf(this.inputs[0]),
      w: this.packed(emit, weights.kernel, false),
    };
    if (weights.bias) operands.bias = weights.bias;
    if (addend) operands.addend = emit.valueOf(addend);
    emit.compute(OPERATORS[this.#algorithm(emit)].forward, operands, {
      ...this.attributes(),
      ...activationAttributes(activation),
    });
  }

  /** For convolutions with one group, or with one for each channel. */
  forwardOnChannels() {
    const { groups, kernel, activation, addend } = this.options;
    const [filters = 0] = kernel.shape;
    if (groups > 1 && !this.isDepthwise) return undefined;
    return (emit: Emitter) => {
      const attributes = this.attributes();
      const padded = channelBlocks(filters) * LANES;
      const { kernel: w, bias } = foldedWeights(emit, this.options);
      const packed = emit.shared((padded * sizeOf(kernel.shape)) / filters);
      const packedBias = bias && emit.shared(padded);
      const weights = { packed, w };
      emit.prepare('channelWeights', bias && packedBias ? { ...weights, bias, packedBias } : weights, attributes);
      const y = emit.define(this.output);
      const operands: Record<string, Buffer> = { y, x: emit.valueOf(this.inputs[0]), w: packed };
      if (packedBias) operands.bias = packedBias;
      if (addend) operands.addend = emit.valueOf(addend);
      const relu = activation === 'relu' ? 1 : 0;
      emit.compute('channelConvolution', operands, { ...attributes, relu });
      if (activation !== 'linear' && !relu) emitChannelActivation(emit, y, y, this.output.shape, activation);
    };
  }

  gradient(emit: Emitter): void {
    const { kernel, bias, activation, addend } = this.options;
    const [input] = this.inputs;
    const dy = beforeActivation(emit, this.output, activation);
    if (addend && emit.wants(addend)) emit.giveGradient(addend, dy, true);
    const [outputs = 0, ...spatial] = this.output.shape;
    const x = emit.valueOf(input);
    const algorithm = this.#algorithm(emit);
    const attributes = this.attributes();
    const dw = algorithm === 'winograd' ? emit.partialTaps(kernel) : emit.partialGradient(kernel);
    emit.compute(OPERATORS[algorithm].weightGradient, { dw, dy, x }, attributes);
    if (bias) {
      const db = emit.partialGradient(bias);
      emit.compute('biasGradient', { db, dy }, { channels: outputs, pixels: sizeOf(spatial) });
    }
    if (emit.wants(input)) {
      const w = this.packed(emit, emit.parameter(kernel), true);
      // A stride of more than 1 leaves gaps in dx that no product of matrices fills.
      const strided = sizeOf(this.options.strides) > 1;
      const { dataGradient } = OPERATORS[algorithm === 'pointwise' && strided ? 'direct' : algorithm];
      emit.emitGradientSum(input, (operands) => emit.compute(dataGradient, { ...operands, dy, w }, attributes));
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

  /** Decided from the shape alone, so that results do not depend on the machine's mood. */
  #algorithm(emit: Emitter): Algorithm {
    if (!emit.vectors || this.options.groups > 1) return 'direct';
    if (this.isPointwise) return 'pointwise';
    return this.#suitsWinograd() ? 'winograd' : 'direct';
  }

  /** Whether it multiplies each pixel with a matrix. */
  get isPointwise(): boolean {
    const { kernel, padding } = this.options;
    const [, , rows = 0, columns = 0] = kernel.shape;
    const [, ...image] = this.output.shape;
    return (
      this.options.groups === 1 && sizeOf([rows, columns]) === 1 && Math.max(...padding) === 0 && sizeOf(image) > 1
    );
  }

  #suitsWinograd(): boolean {
    const { kernel, strides } = this.options;
    const [outputs = 0, inputs = 0, rows, columns] = kernel.shape;
    const [, height = 0, width = 0] = this.output.shape;
    const fits = rows === 3 && columns === 3 && strides[0] === 1 && strides[1] === 1;
    if (!fits || Math.min(outputs, inputs) < LEAST_WINOGRAD_CHANNELS) return false;
    // Tiles beyond the border are wasted; more channels outweigh more waste.
    const tiles = (size: number) => Math.ceil(size / WINOGRAD_TILE) * WINOGRAD_TILE;
    const useful = (height * width) / (tiles(height) * tiles(width));
    return useful >= (Math.min(outputs, inputs) >= 2 * LEAST_WINOGRAD_CHANNELS ? 0.4 : 0.7);
  }

  /** The kernel in the order native code reads it: a copy made anew whenever parameters may have changed. */
  packed(emit: Emitter, w: Buffer, swapped: boolean): Buffer {
    const { kernel, groups } = this.options;
    const [filters = 0, inputs = 0, rows = 0, columns = 0] = kernel.shape;
    const outputs = filters / groups;
    if (this.#algorithm(emit) === 'winograd') {
      const packed = emit.shared(36 * outputs * inputs);
      emit.prepare('winogradWeights', { packed, w }, { outputs, inputs, swapped: swapped ? 1 : 0 });
      return packed;
    }
    const packed = emit.shared(sizeOf(kernel.shape));
    const made = swapped ? this.inputs[0] : this.output;
    const pixels = sizeOf(made.shape.slice(1));
    const attributes = { outputs, inputs, taps: rows * columns, pixels, groups, swapped: swapped ? 1 : 0 };
    emit.prepare('packWeights', { packed, w }, attributes);
    return packed;
  }

  /** Whether it has one filter for each channel. */
  get isDepthwise(): boolean {
    const { groups, kernel } = this.options;
    return groups > 1 && groups === this.inputs[0].shape[0] && groups === kernel.shape[0];
  }

  /** What native calls need to know of its shape. */
  attributes() {
    const { kernel, strides, padding, groups } = this.options;
    const [channels = 0, height = 0, width = 0] = this.inputs[0].shape;
    const [filters = 0, outputHeight = 0, outputWidth = 0] = this.output.shape;
    return {
      inputs: channels / groups,
      outputs: filters / groups,
      groups,
      inputShape: [height, width],
      outputShape: [outputHeight, outputWidth],
      kernelSize: kernel.shape.slice(2),
      strides,
      dilation: [1, 1],
      padding,
    };
  }
}
