import type { Value } from '../program/operation.js';
import { MaxPooling } from '../program/operations/max-pooling.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean, checkPair, type Pair } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { type PoolingWindowOptions, slidePool, slidingWindows } from './pooling-window.js';
import { checkExtent, checkPadding, type Padding } from './spatial.js';

export interface MaxPooling2DOptions extends LayerOptions, PoolingWindowOptions {
  /**
   * Distance between the rows and the columns of a window: 2 takes every second one.
   * @default 1
   */
  dilation?: Pair;
}

/**
 * The largest value of each window. Input `[C, H, W]`, output `[C, OH, OW]`; rows and columns that fill no window are
 * left out, unless `ceilMode` keeps them. Padded positions never win. The gradient goes to the first of equal values, as in
 * PyTorch; NaN in a window gives NaN.
 */
export class MaxPooling2D extends Layer {
  readonly type = 'maxPooling2d';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilation: readonly [number, number];
  readonly ceilMode: boolean;

  constructor(options: MaxPooling2DOptions = {}) {
    const who = 'layers.maxPooling2d';
    super(who, options, ['poolSize', 'strides', 'padding', 'dilation', 'ceilMode']);
    const { poolSize = 2, strides = poolSize, padding = 'valid', dilation = 1, ceilMode = false } = options;
    this.poolSize = checkPair(who, 'poolSize', poolSize);
    this.strides = checkPair(who, 'strides', strides);
    this.padding = checkPadding(who, padding);
    this.dilation = checkPair(who, 'dilation', dilation);
    checkExtent(who, 'poolSize', this.poolSize, this.dilation);
    this.ceilMode = checkBoolean(who, 'ceilMode', ceilMode);
  }

  outputShape(who: string, input: Shape): Shape {
    return [input[0] ?? 0, ...slidePool(who, input, this).output];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const slid = slidePool(this.type, x.shape, this);
    return trace.add(new MaxPooling(x, slidingWindows(this, x.shape, slid)));
  }

  config(): LayerConfig {
    const { type, poolSize, strides, padding, dilation, ceilMode } = this;
    return { type, poolSize, strides, padding, dilation, ceilMode };
  }
}
