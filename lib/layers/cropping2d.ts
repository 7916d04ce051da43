import { ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Reframe } from '../program/operations/reframe.js';
import type { Trace } from '../program/trace.js';
import { formatShape, type Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { checkSides, type Sides } from './sides.js';
import { checkImage } from './spatial.js';

export interface Cropping2DOptions extends LayerOptions {
  /** Rows and columns cut away: as many on each side, `[vertical, horizontal]`, or `[top, bottom, left, right]`. */
  cropping: Sides;
}

/** The inner part of an image: `[C, H, W]` becomes `[C, H - top - bottom, W - left - right]`. */
export class Cropping2D extends Layer {
  readonly type = 'cropping2d';
  /** `[top, bottom, left, right]`. */
  readonly cropping: readonly [number, number, number, number];

  constructor(options: Cropping2DOptions) {
    const who = 'layers.cropping2d';
    super(who, options, ['cropping']);
    this.cropping = checkSides(who, 'cropping', options.cropping);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    const [channels = 0, height = 0, width = 0] = input;
    const [top, bottom, left, right] = this.cropping;
    if (top + bottom >= height || left + right >= width) {
      throw new ShapeError(
        `${who}: expected cropping that leaves a row and a column of the input ${formatShape(input)}, received ` +
          `${formatShape(this.cropping)} ([top, bottom, left, right]). Crop less.`,
      );
    }
    return [channels, height - top - bottom, width - left - right];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const [top, , left] = this.cropping;
    return trace.add(new Reframe(x, { top: -top, left: -left, outputShape: this.outputShape(this.type, x.shape) }));
  }

  config(): LayerConfig {
    const { type, cropping } = this;
    return { type, cropping };
  }
}
