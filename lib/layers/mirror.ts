import type { Value } from '../program/operation.js';
import { Mirror as MirrorOperation } from '../program/operations/mirror.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type ParameterLookup } from './layer.js';
import { checkImage } from './spatial.js';

/** Left and right of an image change places. Part of no saved model: see `views`. */
export class Mirror extends Layer {
  readonly type = 'mirror';

  constructor() {
    super('layers.mirror', {}, []);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new MirrorOperation(x));
  }

  config(): LayerConfig {
    return { type: this.type };
  }
}
