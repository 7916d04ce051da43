import type { Value } from '../program/operation.js';
import { Scale } from '../program/operations/scale.js';
import type { Trace } from '../program/trace.js';
import { checkFloat } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

export interface RescalingOptions extends LayerOptions {
  /** Factor of every value. */
  scale: number;
  /**
   * Added to every value after that.
   * @default 0
   */
  offset?: number;
}

/**
 * `y = scale * x + offset`, for numbers that are not trained: Keras's Rescaling. Behind the last dense layer a scale below 1 tempers
 * the logits.
 *
 * Input and output of one shape, whatever it is.
 */
export class Rescaling extends Layer {
  readonly type = 'rescaling';
  readonly scale: number;
  readonly offset: number;

  constructor(options: RescalingOptions) {
    const who = 'layers.rescaling';
    super(who, options, ['scale', 'offset']);
    const { scale, offset = 0 } = options;
    this.scale = checkFloat(who, 'scale', scale);
    this.offset = checkFloat(who, 'offset', offset);
  }

  outputShape(_who: string, input: Shape): Shape {
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new Scale(x, this.scale, this.offset));
  }

  config(): LayerConfig {
    const { type, scale, offset } = this;
    return { type, scale, offset };
  }
}
