import { sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';

/**
 * Output k is `gain` times input k: kernels `[K, C, R, S]` have one tap in the middle (of an even number of taps the one behind
 * it), matrices `[units, features]` a diagonal. Outputs beyond the inputs are zero (PyTorch's `dirac_`, Keras's `Identity`).
 */
export function dirac(gain: number): Initializer {
  return (shape) => {
    const [outputs = 0, inputs = 0, ...taps] = shape;
    const area = sizeOf(taps);
    const middle = taps.reduce((index, size) => index * size + Math.floor(size / 2), 0);
    const kernel = new Float32Array(sizeOf(shape));
    for (let k = 0; k < Math.min(outputs, inputs); k++) kernel[(k * inputs + k) * area + middle] = gain;
    return kernel;
  };
}
