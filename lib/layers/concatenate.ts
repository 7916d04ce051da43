import { ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Concatenate as ConcatenateOperation } from '../program/operations/concatenate.js';
import type { Trace } from '../program/trace.js';
import { checkInteger } from '../util/check.js';
import { formatShape, type Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

export interface ConcatenateOptions extends LayerOptions {
  /**
   * The axis of a sample along which tensors follow one another: of `[C, H, W]`, 0 are the channels. All other axes are
   * of one length.
   * @default 0
   */
  axis?: number;
}

/**
 * Two or more tensors one behind another: `layers.concatenate().apply([x, y])`. Inputs `[C, H, W]` and `[D, H, W]`, output
 * `[C + D, H, W]`; of features `[F]` and `[G]`, `[F + G]`.
 */
export class Concatenate extends Layer {
  readonly type = 'concatenate';
  readonly axis: number;

  constructor(options: ConcatenateOptions = {}) {
    const who = 'layers.concatenate';
    super(who, options, ['axis']);
    const { axis = 0 } = options;
    this.axis = checkInteger(who, 'axis', axis, 0);
  }

  override get readsSeveral(): boolean {
    return true;
  }

  outputShape(who: string, input: Shape, ...others: readonly Shape[]): Shape {
    const { axis } = this;
    if (axis >= input.length) {
      throw new ShapeError(
        `${who}: expected an axis from 0 to ${input.length - 1} of a sample of shape ${formatShape(input)}, received ${axis}. ` +
          'The batch is no axis of a sample.',
      );
    }
    const fits = (shape: Shape) =>
      shape.length === input.length && shape.every((size, i) => i === axis || size === input[i]);
    const other = others.find((shape) => !fits(shape));
    if (other) {
      throw new ShapeError(
        `${who}: expected tensors that differ along axis ${axis} alone, received ${formatShape(input)} and ${formatShape(other)}. ` +
          'Bring the other axes to one length first, such as by pooling or a strided convolution.',
      );
    }
    return input.map((size, i) => (i === axis ? others.reduce((sum, shape) => sum + (shape[axis] ?? 0), size) : size));
  }

  compute(trace: Trace, _parameter: ParameterLookup, input: Value, ...others: readonly Value[]): Value {
    const shape = this.outputShape(this.type, input.shape, ...others.map((value) => value.shape));
    return trace.add(new ConcatenateOperation([input, ...others], this.axis, shape));
  }

  config(): LayerConfig {
    const { type, axis } = this;
    return { type, axis };
  }
}
