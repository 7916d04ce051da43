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

export interface DepthwiseConv2DOptions extends ConvolutionOptions {
  /**
   * Filters of each input channel.
   * @default 1
   */
  depthMultiplier?: number;
}

/**
 * Convolution of each channel for itself: `y[c * depthMultiplier + m] = act(w[c * depthMultiplier + m] * x[c] + b)`, a `conv2d` with a group
 * for each channel.
 *
 * Input `[C, H, W]`, output `[C * depthMultiplier, OH, OW]`. Parameters: `kernel` `[C * depthMultiplier, 1, R, S]` (as in PyTorch),
 * LeCun uniform; `bias` `[C * depthMultiplier]`, zero.
 */
export class DepthwiseConv2D extends ConvolutionLayer {
  readonly type = 'depthwiseConv2d';
  readonly depthMultiplier: number;

  constructor(options: DepthwiseConv2DOptions) {
    const who = 'layers.depthwiseConv2d';
    super(who, options, ['depthMultiplier']);
    const { depthMultiplier = 1 } = options;
    this.depthMultiplier = checkInteger(who, 'depthMultiplier', depthMultiplier, 1);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return [this.#filters(input), ...slideKernel(who, input, this).output];
  }

  override parameters(input: Shape): ParameterSpec[] {
    const [channels = 0] = input;
    const filters = this.#filters(input);
    const kernel = this.weights.kernel([filters, 1, ...this.kernelSize], channels);
    return this.useBias ? [kernel, this.weights.bias([filters])] : [kernel];
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    const { output, before } = slideKernel(this.type, x.shape, this);
    const y = trace.add(
      new Convolution(x, {
        kernel: parameter('kernel'),
        bias: this.useBias ? parameter('bias') : null,
        ...{ strides: this.strides, dilation: this.dilation, padding: before, flip: false },
        groups: x.shape[0] ?? 0,
        outputShape: [this.#filters(x.shape), ...output],
        activation: 'linear',
      }),
    );
    return applyActivation(trace, y, this.activation);
  }

  config(): LayerConfig {
    return { type: this.type, ...this.common(), depthMultiplier: this.depthMultiplier };
  }

  #filters([channels = 0]: Shape): number {
    return channels * this.depthMultiplier;
  }
}
