import type { Value } from '../program/operation.js';
import { Reframe } from '../program/operations/reframe.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { checkSides, type Sides } from './sides.js';
import { checkImage } from './spatial.js';

export interface ZeroPadding2DOptions extends LayerOptions {
  /**
   * Rows and columns of zeros: as many on each side, `[vertical, horizontal]`, or `[top, bottom, left, right]`.
   * @default 1
   */
  padding?: Sides;
}

/** Zeros around an image: `[C, H, W]` becomes `[C, top + H + bottom, left + W + right]`. */
export class ZeroPadding2D extends Layer {
  readonly type = 'zeroPadding2d';
  /** `[top, bottom, left, right]`. */
  readonly padding: readonly [number, number, number, number];

  constructor(options: ZeroPadding2DOptions = {}) {
    const who = 'layers.zeroPadding2d';
    super(who, options, ['padding']);
    const { padding = 1 } = options;
    this.padding = checkSides(who, 'padding', padding);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    const [channels = 0, height = 0, width = 0] = input;
    const [top, bottom, left, right] = this.padding;
    return [channels, top + height + bottom, left + width + right];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const [top, , left] = this.padding;
    return trace.add(new Reframe(x, { top, left, outputShape: this.outputShape(this.type, x.shape) }));
  }

  config(): LayerConfig {
    const { type, padding } = this;
    return { type, padding };
  }
}
