import type { Philox } from '../util/philox.js';
import { type Shape, sizeOf } from '../util/shape.js';

/**
 * Uniform in ±sqrt(3 / fanIn), so that outputs vary as much as inputs (LeCun, Bottou, Orr, Müller: "Efficient BackProp", 1998). Kernels are
 * `[outputs, inputs, ...taps]`; fanIn counts inputs and taps.
 *
 * Measured on LeNet-5 and MNIST against Glorot's, He's and PyTorch's rules: docs/performance.md.
 */
export function lecunUniform(shape: Shape, random: Philox): Float32Array {
  const limit = Math.sqrt(3 / sizeOf(shape.slice(1)));
  return Float32Array.from({ length: sizeOf(shape) }, () => (2 * random.nextFloat() - 1) * limit);
}
