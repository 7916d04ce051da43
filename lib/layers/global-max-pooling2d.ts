import type { Value } from '../program/operation.js';
import { MaxPooling } from '../program/operations/max-pooling.js';
import { Reshape } from '../program/operations/reshape.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { checkImage } from './spatial.js';

/** The largest value of each channel: `[C, H, W]` becomes `[C]`. */
export class GlobalMaxPooling2D extends Layer {
  readonly type = 'globalMaxPooling2d';

  constructor(options: LayerOptions = {}) {
    super('layers.globalMaxPooling2d', options, []);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return [input[0] ?? 0];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const [channels = 0] = x.shape;
    const y = trace.add(new MaxPooling(x, { adaptive: true, outputShape: [channels, 1, 1] }));
    return trace.add(new Reshape(y, [channels]));
  }

  config(): LayerConfig {
    return { type: this.type };
  }
}
