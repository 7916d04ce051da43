import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Permute as PermuteOperation } from '../program/operations/permute.js';
import type { Trace } from '../program/trace.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

/** Most axes a sample can have. */
export const MOST_AXES = 4;

export interface PermuteOptions extends LayerOptions {
  /**
   * Each axis of a sample once, counted from 0 without the batch: axis i of the output is axis `axes[i]` of the input, as in NumPy's
   * `transpose`. (Keras counts from 1.) `[1, 2, 0]` turns `[C, H, W]` into `[H, W, C]`.
   */
  axes: readonly number[];
}

/** The axes of a sample in another order. */
export class Permute extends Layer {
  readonly type = 'permute';
  readonly axes: readonly number[];

  constructor(options: PermuteOptions) {
    const who = 'layers.permute';
    super(who, options, ['axes']);
    this.axes = checkAxes(who, options.axes);
  }

  outputShape(who: string, input: Shape): Shape {
    if (input.length !== this.axes.length) {
      throw new ShapeError(
        `${who}: expected an input of ${this.axes.length} axes, one for each of the axes ${formatShape(this.axes)}, ` +
          `received ${formatShape(input)}. The batch is no axis of a sample.`,
      );
    }
    return this.axes.map((axis) => input[axis] ?? 0);
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const inOrder = this.axes.every((axis, i) => axis === i);
    return inOrder ? x : trace.add(new PermuteOperation(x, this.axes));
  }

  config(): LayerConfig {
    const { type, axes } = this;
    return { type, axes };
  }
}

function checkAxes(who: string, value: unknown): readonly number[] {
  const axes: unknown[] = Array.isArray(value) ? [...value] : []; // holes become undefined
  const isEach = [...axes.keys()].every((axis) => axes.includes(axis));
  if (axes.length >= 1 && axes.length <= MOST_AXES && isEach) return axes as number[];
  throw new InvalidArgumentError(
    `${who}: expected each of 1 to ${MOST_AXES} axes of a sample once, such as [1, 2, 0], for axes, received ${describe(value)}.`,
  );
}
