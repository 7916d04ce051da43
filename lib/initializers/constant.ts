import { sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';

/** The same value everywhere. */
export function constant(value: number): Initializer {
  return (shape) => new Float32Array(sizeOf(shape)).fill(value);
}
