import type { Value } from '../program/operation.js';
import { Shift as ShiftOperation } from '../program/operations/shift.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type ParameterLookup } from './layer.js';
import { checkImage } from './spatial.js';

/** An image moved up and left by so many pixels, or down and right by a negative number of them. Part of no saved model: see `views`. */
export class Shift extends Layer {
  readonly type = 'shift';
  readonly pixels: number;

  constructor(pixels: number) {
    super('layers.shift', {}, []);
    this.pixels = pixels;
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return trace.add(new ShiftOperation(x, this.pixels, this.pixels));
  }

  config(): LayerConfig {
    const { type, pixels } = this;
    return { type, pixels };
  }
}
