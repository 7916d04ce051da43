import { type Shape, sizeOf } from '../util/shape.js';

/** How many values flow into an output of a parameter, and out of an input. */
export interface Fans {
  readonly in: number;
  readonly out: number;
}

/** Of kernels `[outputs, inputs, ...taps]`, taps counting on both sides; of rows such as a bias, its length for both (Keras). */
export function fansOf(shape: Shape): Fans {
  const [outputs = 1, inputs, ...taps] = shape;
  if (inputs === undefined) return { in: outputs, out: outputs };
  return { in: inputs * sizeOf(taps), out: outputs * sizeOf(taps) };
}
