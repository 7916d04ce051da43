import type { Value } from '../program/operation.js';
import { Convolution } from '../program/operations/convolution.js';
import type { Trace } from '../program/trace.js';
import { checkInteger } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { applyActivation } from './activations.js';
import { ConvolutionLayer, type ConvolutionOptions } from './convolution-layer.js';
import { slideKernel } from './convolution-window.js';
import type { LayerConfig, ParameterLookup, ParameterSpec } from './layer.js';
import { checkImage } from './spatial.js';

export interface SeparableConv2DOptions extends ConvolutionOptions {
  /** Output channels. */
  filters: number;
  /**
   * Filters of each input channel in the depthwise part.
   * @default 1
   */
  depthMultiplier?: number;
}

/**
 * A depthwise convolution and a 1x1 convolution of what it makes: kernel size, strides, padding and dilation are the depthwise part's;
 * bias and activation come behind the 1x1, none between the two, as in Keras.
 *
 * Input `[C, H, W]`, output `[filters, OH, OW]`. Parameters: `depthwiseKernel` `[C * depthMultiplier, 1, R, S]`, `pointwiseKernel`
 * `[filters, C * depthMultiplier, 1, 1]`, both LeCun uniform unless `kernelInitializer` says
 * otherwise of both; `bias` `[filters]`, zero.
 */
export class SeparableConv2D extends ConvolutionLayer {
  readonly type = 'separableConv2d';
  readonly filters: number;
  readonly depthMultiplier: number;

  constructor(options: SeparableConv2DOptions) {
    const who = 'layers.separableConv2d';
    super(who, options, ['filters', 'depthMultiplier']);
    this.filters = checkInteger(who, 'filters', options.filters, 1);
    const { depthMultiplier = 1 } = options;
    this.depthMultiplier = checkInteger(who, 'depthMultiplier', depthMultiplier, 1);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return [this.filters, ...slideKernel(who, input, this).output];
  }

  override parameters([channels = 0]: Shape): ParameterSpec[] {
    const between = channels * this.depthMultiplier;
    const kernels = [
      { ...this.weights.kernel([between, 1, ...this.kernelSize], channels), name: 'depthwiseKernel' },
      { ...this.weights.kernel([this.filters, between, 1, 1]), name: 'pointwiseKernel' },
    ];
    return this.useBias ? [...kernels, this.weights.bias([this.filters])] : kernels;
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    const [channels = 0] = x.shape;
    const { output, before } = slideKernel(this.type, x.shape, this);
    const between = trace.add(
      new Convolution(x, {
        kernel: parameter('depthwiseKernel'),
        bias: null,
        ...{ strides: this.strides, dilation: this.dilation, padding: before, groups: channels, flip: false },
        outputShape: [channels * this.depthMultiplier, ...output],
        activation: 'linear',
      }),
    );
    const y = trace.add(
      new Convolution(between, {
        kernel: parameter('pointwiseKernel'),
        bias: this.useBias ? parameter('bias') : null,
        ...{ strides: [1, 1], dilation: [1, 1], padding: [0, 0], groups: 1, flip: false },
        outputShape: [this.filters, ...output],
        activation: 'linear',
      }),
    );
    return applyActivation(trace, y, this.activation);
  }

  config(): LayerConfig {
    const { type, filters, depthMultiplier } = this;
    return { type, filters, ...this.common(), depthMultiplier };
  }
}
