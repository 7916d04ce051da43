import { ShapeError } from '../errors/index.js';
import { formatShape, sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';

/** Given values, in the order of the parameter's axes. */
export function values(given: readonly number[]): Initializer {
  return (shape, _random, name) => {
    if (given.length === sizeOf(shape)) return Float32Array.from(given);
    throw new ShapeError(
      `${name}: expected ${sizeOf(shape)} values for its shape ${formatShape(shape)}, received ${given.length}.`,
    );
  };
}
