import type { Value } from '../program/operation.js';
import { Dropout as DropoutOperation } from '../program/operations/dropout.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type ParameterLookup } from './layer.js';
import { checkRate, checkSeed, type RandomOptions } from './random-options.js';
import { checkImage } from './spatial.js';

export interface SpatialDropout2DOptions extends RandomOptions {
  /** Share of channels to drop, from 0 to below 1. */
  rate: number;
}

/**
 * Dropout of whole channels, for images whose neighbouring pixels are alike (Tompson, Goroshin, Jain, LeCun, Bregler, 2015): each
 * channel of each sample is 0 with probability `rate`, or divided by `1 - rate`. Otherwise as `dropout`. Input `[C, H, W]`,
 * output the same.
 */
export class SpatialDropout2D extends Layer {
  readonly type = 'spatialDropout2d';
  readonly rate: number;
  readonly seed: number | undefined;

  constructor(options: SpatialDropout2DOptions) {
    const who = 'layers.spatialDropout2d';
    super(who, options, ['rate', 'seed']);
    this.rate = checkRate(who, options.rate);
    this.seed = checkSeed(who, options.seed);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const draws = { seed: this.seed, stream: trace.nextStream() };
    return trace.add(new DropoutOperation(x, { rate: this.rate, channels: true, draws }));
  }

  config(): LayerConfig {
    const { type, rate, seed } = this;
    return { type, rate, ...(seed !== undefined && { seed }) };
  }
}
