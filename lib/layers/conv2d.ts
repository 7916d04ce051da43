import type { Value } from '../program/operation.js';
import { Convolution } from '../program/operations/convolution.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean, checkInteger } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { applyActivation } from './activations.js';
import {
  ConvolutionLayer,
  type ConvolutionOptions,
  checkChannelGroups,
  checkFilterGroups,
} from './convolution-layer.js';
import { slideKernel } from './convolution-window.js';
import type { LayerConfig, ParameterLookup, ParameterSpec } from './layer.js';
import { checkImage } from './spatial.js';

export interface Conv2DOptions extends ConvolutionOptions {
  /** Output channels. */
  filters: number;
  /**
   * Splits input channels and filters into so many groups, each convolved for itself; both must divide by it.
   * `groups` equal to the input channels is a depthwise convolution.
   * @default 1
   */
  groups?: number;
  /**
   * Whether the kernel is rotated by 180 degrees: a convolution as mathematics has it, where the field's is a cross-correlation.
   * @default false
   */
  flip?: boolean;
}

/**
 * Convolution over images: `y[k, i, j] = act(b[k] + sum over c, r, s of w[k, c, r, s] * x[c, i * stride + r * dilation - top, j * stride +
 * s * dilation - left])`. A cross-correlation, as everywhere in the field; with `flip` `w[k, c, R - 1 - r, S - 1 - s]` stands there.
 *
 * Input `[C, H, W]`, output `[filters, OH, OW]` with `OH = floor((H + top + bottom - (dilation * (R - 1) + 1)) / stride) + 1`.
 * Parameters: `kernel` `[filters, C / groups, R, S]` (OIHW), LeCun uniform unless told otherwise; `bias` `[filters]`, zero.
 */
export class Conv2D extends ConvolutionLayer {
  readonly type = 'conv2d';
  readonly filters: number;
  readonly groups: number;
  readonly flip: boolean;

  constructor(options: Conv2DOptions) {
    const who = 'layers.conv2d';
    super(who, options, ['filters', 'groups', 'flip']);
    const { filters, groups = 1, flip = false } = options;
    this.filters = checkInteger(who, 'filters', filters, 1);
    this.groups = checkInteger(who, 'groups', groups, 1);
    this.flip = checkBoolean(who, 'flip', flip);
    checkFilterGroups(who, this.filters, this.groups);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    checkChannelGroups(who, input, this.groups);
    return [this.filters, ...slideKernel(who, input, this).output];
  }

  override parameters(input: Shape): ParameterSpec[] {
    const [channels = 0] = input;
    const shape = [this.filters, channels / this.groups, ...this.kernelSize];
    const kernel = this.weights.kernel(shape, this.groups);
    return this.useBias ? [kernel, this.weights.bias([this.filters])] : [kernel];
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    const { output, before } = slideKernel(this.type, x.shape, this);
    const { strides, dilation, groups, flip, activation } = this;
    const y = trace.add(
      new Convolution(x, {
        kernel: parameter('kernel'),
        bias: this.useBias ? parameter('bias') : null,
        ...{ strides, dilation, padding: before, groups, flip },
        outputShape: [this.filters, ...output],
        activation: 'linear',
      }),
    );
    return applyActivation(trace, y, activation);
  }

  config(): LayerConfig {
    const { type, filters, groups, flip } = this;
    return { type, filters, ...this.common(), groups, flip };
  }
}
