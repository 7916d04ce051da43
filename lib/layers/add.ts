import { ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Add as AddOperation } from '../program/operations/add.js';
import type { Trace } from '../program/trace.js';
import { formatShape, type Shape, sameShape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

/** The sum of two or more tensors of one shape: `layers.add().apply([x, y])`. */
export class Add extends Layer {
  readonly type = 'add';

  constructor(options: LayerOptions = {}) {
    super('layers.add', options, []);
  }

  override get readsSeveral(): boolean {
    return true;
  }

  outputShape(who: string, input: Shape, ...others: readonly Shape[]): Shape {
    const other = others.find((shape) => !sameShape(shape, input));
    if (other) {
      throw new ShapeError(
        `${who}: expected tensors of one shape, received ${formatShape(input)} and ${formatShape(other)}. ` +
          'Bring them to one shape first, such as by a 1x1 convolution.',
      );
    }
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, input: Value, ...others: readonly Value[]): Value {
    return others.reduce((sum, value) => trace.add(new AddOperation(sum, value)), input);
  }

  config(): LayerConfig {
    return { type: this.type };
  }
}
