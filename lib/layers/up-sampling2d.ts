import { ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { type Interpolation, Resampling } from '../program/operations/resampling.js';
import type { Trace } from '../program/trace.js';
import { checkChoice, checkPair, type Pair } from '../util/check.js';
import { formatShape, type Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { checkImage } from './spatial.js';

/** Along an axis, what a plan of the places to read holds. */
const MOST_POSITIONS = 2 ** 24;

export interface UpSampling2DOptions extends LayerOptions {
  /**
   * Whole factors of rows and columns.
   * @default 2
   */
  size?: Pair;
  /**
   * `nearest` repeats rows and columns. `bilinear` blends between the centres of pixels: output `o` lies at
   * `(o + 0.5) / size - 0.5`, and beyond the outermost centres the image goes on as it ends (Keras; PyTorch's
   * `align_corners=False`).
   * @default 'nearest'
   */
  interpolation?: Interpolation;
}

/** An image enlarged: `[C, H, W]` becomes `[C, size[0] * H, size[1] * W]`. */
export class UpSampling2D extends Layer {
  readonly type = 'upSampling2d';
  readonly size: readonly [number, number];
  readonly interpolation: Interpolation;

  constructor(options: UpSampling2DOptions = {}) {
    const who = 'layers.upSampling2d';
    super(who, options, ['size', 'interpolation']);
    const { size = 2, interpolation = 'nearest' } = options;
    this.size = checkPair(who, 'size', size);
    this.interpolation = checkChoice(who, 'interpolation', interpolation, ['nearest', 'bilinear']);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    const [channels = 0, height = 0, width = 0] = input;
    const output = [height * this.size[0], width * this.size[1]];
    if (Math.max(...output) > MOST_POSITIONS) {
      throw new ShapeError(
        `${who}: expected an output of at most 2^24 rows and columns, received ${formatShape(output)} of an input of ` +
          `${formatShape(input)}. Use a smaller size.`,
      );
    }
    return [channels, ...output];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new Resampling(x, { scale: this.size, interpolation: this.interpolation }));
  }

  config(): LayerConfig {
    const { type, size, interpolation } = this;
    return { type, size, interpolation };
  }
}
