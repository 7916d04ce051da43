import { sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';

/**
 * `gain` times a matrix `[outputs, inputs * taps]` with orthonormal rows, or columns where these are fewer, every such matrix
 * equally likely (Saxe, McClelland, Ganguli: "Exact solutions to the nonlinear dynamics of learning in deep linear neural
 * networks", 2013): normally distributed vectors made orthogonal one after another.
 */
export function orthogonal(gain: number): Initializer {
  return (shape, random) => {
    const [rows = 0, ...others] = shape;
    const columns = sizeOf(others);
    const [count, length] = [Math.min(rows, columns), Math.max(rows, columns)];
    const vectors: Float64Array[] = [];
    while (vectors.length < count) {
      const vector = Float64Array.from({ length }, () => random.nextNormal());
      // Twice: what the first pass leaves of the others by rounding, the second takes away.
      for (let pass = 0; pass < 2; pass++) {
        for (const other of vectors) subtractProjection(vector, other);
      }
      const size = Math.sqrt(dot(vector, vector));
      vectors.push(vector.map((value) => value / size));
    }
    const matrix = new Float32Array(rows * columns);
    const [along, across] = rows <= columns ? [1, columns] : [columns, 1];
    vectors.forEach((vector, i) => {
      for (let j = 0; j < length; j++) matrix[i * across + j * along] = gain * (vector[j] as number);
    });
    return matrix;
  };
}

function subtractProjection(vector: Float64Array, unit: Float64Array): void {
  const part = dot(vector, unit);
  for (let j = 0; j < vector.length; j++) vector[j] = (vector[j] as number) - part * (unit[j] as number);
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
}
