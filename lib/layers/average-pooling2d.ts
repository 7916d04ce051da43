import type { Value } from '../program/operation.js';
import { AveragePooling } from '../program/operations/average-pooling.js';
import type { Trace } from '../program/trace.js';
import { checkPair, type Pair } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { slidePool } from './pooling-window.js';
import { checkPadding, type Padding } from './spatial.js';

export interface AveragePooling2DOptions extends LayerOptions {
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
   * Padded positions do not count, and each side's padding must be smaller than the window.
   * @default 'valid'
   */
  padding?: Padding;
}

/**
 * The mean of each window over the values really there (PyTorch's `count_include_pad=False`). Input `[C, H, W]`, output
 * `[C, OH, OW]`; rows and columns that fill no window are left out.
 */
export class AveragePooling2D extends Layer {
  readonly type = 'averagePooling2d';
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;

  constructor(options: AveragePooling2DOptions = {}) {
    const who = 'layers.averagePooling2d';
    super(who, options, ['poolSize', 'strides', 'padding']);
    this.poolSize = checkPair(who, 'poolSize', options.poolSize ?? 2);
    this.strides = checkPair(who, 'strides', options.strides ?? this.poolSize);
    this.padding = checkPadding(who, options.padding ?? 'valid');
  }

  outputShape(who: string, input: Shape): Shape {
    return [input[0] ?? 0, ...this.#slide(who, input).output];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const { output, before } = this.#slide(this.type, x.shape);
    const { poolSize, strides } = this;
    return trace.add(
      new AveragePooling(x, { poolSize, strides, padding: before, outputShape: [x.shape[0] ?? 0, ...output] }),
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
