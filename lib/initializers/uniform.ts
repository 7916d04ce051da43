import { sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';

/** Evenly distributed from `min` to `max`. */
export function randomUniform(min: number, max: number): Initializer {
  const [middle, half] = [(min + max) / 2, (max - min) / 2];
  return (shape, random) =>
    Float32Array.from({ length: sizeOf(shape) }, () => middle + (2 * random.nextFloat() - 1) * half);
}
