import type { Value } from '../program/operation.js';
import { AveragePooling } from '../program/operations/average-pooling.js';
import { Reshape } from '../program/operations/reshape.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { checkImage } from './spatial.js';

/** The mean of each channel: `[C, H, W]` becomes `[C]`. */
export class GlobalAveragePooling2D extends Layer {
  readonly type = 'globalAveragePooling2d';

  constructor(options: LayerOptions = {}) {
    super('layers.globalAveragePooling2d', options, []);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return [input[0] ?? 0];
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const [channels = 0, height = 0, width = 0] = x.shape;
    const size = [height, width] as const;
    const y = trace.add(
      new AveragePooling(x, { poolSize: size, strides: size, padding: [0, 0], outputShape: [channels, 1, 1] }),
    );
    return trace.add(new Reshape(y, [channels]));
  }

  config(): LayerConfig {
    return { type: this.type };
  }
}
