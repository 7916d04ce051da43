import { sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';

/** Normally distributed. */
export function randomNormal(mean: number, stddev: number): Initializer {
  return (shape, random) => Float32Array.from({ length: sizeOf(shape) }, () => mean + stddev * random.nextNormal());
}

/** The same, with values more than two deviations from the mean drawn again. */
export function truncatedNormal(mean: number, stddev: number): Initializer {
  return (shape, random) =>
    Float32Array.from({ length: sizeOf(shape) }, () => {
      let value = random.nextNormal();
      while (Math.abs(value) > 2) value = random.nextNormal();
      return mean + stddev * value;
    });
}
