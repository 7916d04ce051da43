import type { Value } from '../program/operation.js';
import { AveragePooling } from '../program/operations/average-pooling.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean, checkPair } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { type PoolingWindow, type PoolingWindowOptions, slidePool, slidingWindows } from './pooling-window.js';
import { checkPadding, type Padding } from './spatial.js';

export interface AveragePooling2DOptions extends LayerOptions, PoolingWindowOptions {
  /**
   * Whether padded positions count as zeros (PyTorch's `count_include_pad`, there true by default; Keras and TensorFlow do
   * not count them). What `ceilMode` lets a window reach beyond the padding never counts.
   * @default false
   */
  countIncludePad?: boolean;
}

/**
 * The mean of each window, over the values really there unless `countIncludePad` says otherwise. Input `[C, H, W]`, output
 * `[C, OH, OW]`; rows and columns that fill no window are left out, unless `ceilMode` keeps them.
 */
export class AveragePooling2D extends Layer {
  readonly type = 'averagePooling2d';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;

  constructor(options: AveragePooling2DOptions = {}) {
    const who = 'layers.averagePooling2d';
    super(who, options, ['poolSize', 'strides', 'padding', 'ceilMode', 'countIncludePad']);
    const { poolSize = 2, strides = poolSize, padding = 'valid', ceilMode = false, countIncludePad = false } = options;
    this.poolSize = checkPair(who, 'poolSize', poolSize);
    this.strides = checkPair(who, 'strides', strides);
    this.padding = checkPadding(who, padding);
    this.ceilMode = checkBoolean(who, 'ceilMode', ceilMode);
    this.countIncludePad = checkBoolean(who, 'countIncludePad', countIncludePad);
  }

  outputShape(who: string, input: Shape): Shape {
    return [input[0] ?? 0, ...slidePool(who, input, this.#window()).output];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const slid = slidePool(this.type, x.shape, this.#window());
    return trace.add(new AveragePooling(x, slidingWindows(this.#window(), x.shape, slid, this.countIncludePad)));
  }

  config(): LayerConfig {
    const { type, poolSize, strides, padding, ceilMode, countIncludePad } = this;
    return { type, poolSize, strides, padding, ceilMode, countIncludePad };
  }

  #window(): PoolingWindow {
    const { poolSize, strides, padding, ceilMode } = this;
    return { poolSize, strides, padding, ceilMode, dilation: [1, 1] };
  }
}
