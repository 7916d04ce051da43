import { type Shape, sizeOf } from '../util/shape.js';

/** One everywhere: where scales begin. */
export function ones(shape: Shape): Float32Array {
  return new Float32Array(sizeOf(shape)).fill(1);
}
