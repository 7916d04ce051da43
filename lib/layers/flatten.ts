import type { Value } from '../program/operation.js';
import { Reshape } from '../program/operations/reshape.js';
import type { Trace } from '../program/trace.js';
import { type Shape, sizeOf } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

/** All elements of a sample in one row, channel by channel: `[C, H, W]` becomes `[C * H * W]`. Costs nothing. */
export class Flatten extends Layer {
  readonly type = 'flatten';

  constructor(options: LayerOptions = {}) {
    super('layers.flatten', options, []);
  }

  outputShape(_who: string, input: Shape): Shape {
    return [sizeOf(input)];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new Reshape(x, [sizeOf(x.shape)]));
  }

  config(): LayerConfig {
    return { type: this.type };
  }
}
