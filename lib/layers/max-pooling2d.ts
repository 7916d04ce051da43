import type { Value } from '../program/operation.js';
import { MaxPooling } from '../program/operations/max-pooling.js';
import type { Trace } from '../program/trace.js';
import { checkPair, type Pair } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { slidePool } from './pooling-window.js';
import { checkPadding, type Padding } from './spatial.js';

export interface MaxPooling2DOptions extends LayerOptions {
  /**
   * Rows and columns of a window.
   * @default 2
   */
  poolSize?: Pair;
  /**
   * Step of the window.
   * @default poolSize
   */
  strides?: Pair;
  /**
   * Padded positions never win, and each side's padding must be smaller than the window.
   * @default 'valid'
   */
  padding?: Padding;
}

/**
 * The largest value of each window. Input `[C, H, W]`, output `[C, OH, OW]`; rows and columns that fill no window are
 * left out. The gradient goes to the first of equal values, as in PyTorch; NaN in a window gives NaN.
 */
export class MaxPooling2D extends Layer {
  readonly type = 'maxPooling2d';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;

  constructor(options: MaxPooling2DOptions = {}) {
    const who = 'layers.maxPooling2d';
    super(who, options, ['poolSize', 'strides', 'padding']);
    const { poolSize = 2, strides = poolSize, padding = 'valid' } = options;
    this.poolSize = checkPair(who, 'poolSize', poolSize);
    this.strides = checkPair(who, 'strides', strides);
    this.padding = checkPadding(who, padding);
  }

  outputShape(who: string, input: Shape): Shape {
    return [input[0] ?? 0, ...this.#slide(who, input).output];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const { output, before } = this.#slide(this.type, x.shape);
    const { poolSize, strides } = this;
    return trace.add(
      new MaxPooling(x, { poolSize, strides, padding: before, outputShape: [x.shape[0] ?? 0, ...output] }),
    );
  }

  config(): LayerConfig {
    const { type, poolSize, strides, padding } = this;
    return { type, poolSize, strides, padding };
  }

  #slide(who: string, input: Shape) {
    return slidePool(who, input, { size: this.poolSize, strides: this.strides, padding: this.padding });
  }
}
