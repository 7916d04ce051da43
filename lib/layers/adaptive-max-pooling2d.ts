import type { Value } from '../program/operation.js';
import { MaxPooling } from '../program/operations/max-pooling.js';
import type { Trace } from '../program/trace.js';
import { AdaptivePooling2D, type AdaptivePooling2DOptions } from './adaptive-pooling2d.js';
import type { ParameterLookup } from './layer.js';

/** The largest value of each of `outputSize` bins: `[C, H, W]` becomes `[C, OH, OW]`. */
export class AdaptiveMaxPooling2D extends AdaptivePooling2D {
  readonly type = 'adaptiveMaxPooling2d';

  constructor(options: AdaptivePooling2DOptions) {
    super('layers.adaptiveMaxPooling2d', options);
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new MaxPooling(x, this.windows(x.shape)));
  }
}
