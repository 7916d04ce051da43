import { type Shape, sizeOf } from '../util/shape.js';

/** Zero everywhere: where shifts begin. */
export function zeros(shape: Shape): Float32Array {
  return new Float32Array(sizeOf(shape));
}
