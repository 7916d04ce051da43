import type { Philox } from '../util/philox.js';
import { type Shape, sizeOf } from '../util/shape.js';

/**
 * Uniform in ±sqrt(6 / (fanIn + fanOut)) (Glorot and Bengio, "Understanding the difficulty of training deep feedforward
 * neural networks", 2010), Keras's default. Kernels are `[outputs, inputs, ...taps]`; both fans count the taps.
 */
export function glorotUniform(shape: Shape, random: Philox): Float32Array {
  const [outputs = 1, inputs = 1, ...taps] = shape;
  const limit = Math.sqrt(6 / ((outputs + inputs) * sizeOf(taps)));
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.nextFloat() - 1) * limit);
}
