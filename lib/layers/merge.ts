import { ShapeError } from '../errors/index.js';
import { formatShape, type Shape, sameShape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions } from './layer.js';

/** What layers have in common that bring tensors of one shape together, element by element. */
export abstract class Merge extends Layer {
  protected constructor(who: string, options: LayerOptions) {
    super(who, options, []);
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

  config(): LayerConfig {
    return { type: this.type };
  }
}
