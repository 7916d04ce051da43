import { InvalidArgumentError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { TransposedConvolution } from '../program/operations/transposed-convolution.js';
import type { Trace } from '../program/trace.js';
import { checkInteger, checkPair, type Pair } from '../util/check.js';
import { formatShape, type Shape } from '../util/shape.js';
import { applyActivation } from './activations.js';
import {
  ConvolutionLayer,
  type ConvolutionOptions,
  checkChannelGroups,
  checkFilterGroups,
} from './convolution-layer.js';
import { type ConvolutionPadding, slideTransposed } from './convolution-window.js';
import type { LayerConfig, ParameterLookup, ParameterSpec } from './layer.js';
import { checkImage } from './spatial.js';

export interface Conv2DTransposeOptions extends ConvolutionOptions {
  /** Output channels. */
  filters: number;
  /**
   * Step in the output from one input pixel to the next.
   * @default 1
   */
  strides?: Pair;
  /**
   * What is cut off the output: `valid` nothing; `same` so much that it has `input * stride` rows and columns, as in Keras; `full`
   * `dilation * (kernelSize - 1)` on each side; a number on all sides; or `[top, bottom, left, right]`.
   * @default 'valid'
   */
  padding?: ConvolutionPadding;
  /**
   * Rows and columns added at the end of the output, for both axes or each: where strides do not divide, images of several sizes lead to
   * the same input. Smaller than `strides` or than `dilation`, as in PyTorch, and 0 with padding `same`.
   * @default 0
   */
  outputPadding?: Pair;
  /**
   * Splits input channels and filters into so many groups, each convolved for itself; both must divide by it.
   * @default 1
   */
  groups?: number;
}

/**
 * Transposed convolution ("deconvolution"): each input pixel adds the kernel, times its value, to the output at `strides` times its place.
 * It is the gradient of the `conv2d` of the same options, as in PyTorch's `ConvTranspose2d`.
 *
 * Input `[C, H, W]`, output `[filters, OH, OW]` with `OH = (H - 1) * stride - (top + bottom) + dilation * (R - 1) + 1 + outputPadding`.
 * Parameters: `kernel` `[C, filters / groups, R, S]` (as in PyTorch), LeCun uniform with `filters / groups * R * S` for fanIn; `bias`
 * `[filters]`, zero.
 */
export class Conv2DTranspose extends ConvolutionLayer {
  readonly type = 'conv2dTranspose';
  readonly filters: number;
  readonly outputPadding: readonly [number, number];
  readonly groups: number;

  constructor(options: Conv2DTransposeOptions) {
    const who = 'layers.conv2dTranspose';
    super(who, options, ['filters', 'outputPadding', 'groups']);
    const { filters, outputPadding = 0, groups = 1 } = options;
    this.filters = checkInteger(who, 'filters', filters, 1);
    this.outputPadding = checkPair(who, 'outputPadding', outputPadding, 0);
    this.groups = checkInteger(who, 'groups', groups, 1);
    checkFilterGroups(who, this.filters, this.groups);
    this.#checkOutputPadding(who);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    checkChannelGroups(who, input, this.groups);
    return [this.filters, ...slideTransposed(who, input, this).output];
  }

  override parameters([channels = 0]: Shape): ParameterSpec[] {
    const shape = [channels, this.filters / this.groups, ...this.kernelSize];
    const kernel = this.weights.kernel(shape, this.groups);
    return this.useBias ? [kernel, this.weights.bias([this.filters])] : [kernel];
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    const { output, before } = slideTransposed(this.type, x.shape, this);
    const y = trace.add(
      new TransposedConvolution(x, {
        kernel: parameter('kernel'),
        bias: this.useBias ? parameter('bias') : null,
        ...{ strides: this.strides, dilation: this.dilation, padding: before, groups: this.groups },
        outputShape: [this.filters, ...output],
        activation: 'linear',
      }),
    );
    return applyActivation(trace, y, this.activation);
  }

  config(): LayerConfig {
    const { type, filters, outputPadding, groups } = this;
    return { type, filters, ...this.common(), outputPadding, groups };
  }

  #checkOutputPadding(who: string): void {
    const { outputPadding, strides, dilation, padding } = this;
    if (padding === 'same' && Math.max(...outputPadding) > 0) {
      throw new InvalidArgumentError(
        `${who}: expected 0 for outputPadding with padding: 'same', received ${formatShape(outputPadding)}. ` +
          'Give the padding as numbers.',
      );
    }
    if (([0, 1] as const).some((axis) => outputPadding[axis] >= Math.max(strides[axis], dilation[axis]))) {
      throw new InvalidArgumentError(
        `${who}: expected outputPadding smaller than strides ${formatShape(strides)} or dilation ${formatShape(dilation)}, ` +
          `received ${formatShape(outputPadding)}.`,
      );
    }
  }
}
