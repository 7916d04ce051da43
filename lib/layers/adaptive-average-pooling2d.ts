import type { Value } from '../program/operation.js';
import { AveragePooling } from '../program/operations/average-pooling.js';
import type { Trace } from '../program/trace.js';
import { AdaptivePooling2D, type AdaptivePooling2DOptions } from './adaptive-pooling2d.js';
import type { ParameterLookup } from './layer.js';

/** The mean of each of `outputSize` bins: `[C, H, W]` becomes `[C, OH, OW]`. */
export class AdaptiveAveragePooling2D extends AdaptivePooling2D {
  readonly type = 'adaptiveAveragePooling2d';

  constructor(options: AdaptivePooling2DOptions) {
    super('layers.adaptiveAveragePooling2d', options);
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new AveragePooling(x, this.windows(x.shape)));
  }
}
