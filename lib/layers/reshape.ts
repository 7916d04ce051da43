import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Reshape as ReshapeOperation } from '../program/operations/reshape.js';
import type { Trace } from '../program/trace.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape, sizeOf } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { MOST_AXES } from './permute.js';

export interface ReshapeOptions extends LayerOptions {
  /**
   * Shape of a sample, of one to four axes, without the batch. One of them may be -1: as long as the elements of the input ask
   * for.
   */
  targetShape: readonly number[];
}

/** The same elements, in their order, under another shape: `[C, H, W]` to any shape of `C * H * W` elements. Costs nothing. */
export class Reshape extends Layer {
  readonly type = 'reshape';
  readonly targetShape: Shape;

  constructor(options: ReshapeOptions) {
    const who = 'layers.reshape';
    super(who, options, ['targetShape']);
    this.targetShape = checkTarget(who, options.targetShape);
  }

  outputShape(who: string, input: Shape): Shape {
    const elements = sizeOf(input);
    const known = sizeOf(this.targetShape.filter((size) => size !== -1));
    const open = this.targetShape.includes(-1);
    if (open ? elements % known !== 0 : elements !== known) {
      throw new ShapeError(
        `${who}: expected an input of as many elements as the targetShape ${formatShape(this.targetShape)}, ` +
          `received ${formatShape(input)}, which has ${elements}. -1 stands for a length that follows from the others.`,
      );
    }
    return this.targetShape.map((size) => (size === -1 ? elements / known : size));
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new ReshapeOperation(x, this.outputShape(this.type, x.shape)));
  }

  config(): LayerConfig {
    const { type, targetShape } = this;
    return { type, targetShape };
  }
}

function checkTarget(who: string, value: unknown): Shape {
  const sizes: unknown[] = Array.isArray(value) ? [...value] : []; // holes become undefined
  const isSize = (size: unknown) => Number.isSafeInteger(size) && ((size as number) >= 1 || size === -1);
  const open = sizes.filter((size) => size === -1).length;
  if (sizes.length >= 1 && sizes.length <= MOST_AXES && sizes.every(isSize) && open <= 1) return sizes as number[];
  throw new InvalidArgumentError(
    `${who}: expected an array of 1 to ${MOST_AXES} positive integers, one of them -1 at most, for targetShape, received ${describe(value)}.`,
  );
}
