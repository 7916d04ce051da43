import { sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';
import { zeros } from './zeros.js';

/**
 * Output k is `gain` times input k: kernels `[K, C, R, S]` have one tap in the middle (of an even number of taps the one behind
 * it), matrices `[units, features]` a diagonal (PyTorch's `dirac_`, Keras's `Identity`). Outputs beyond the inputs are what `rest`
 * makes of them when it fills the whole kernel.
 */
export function dirac(gain: number, rest: Initializer = zeros): Initializer {
  return (shape, random, name) => {
    const [outputs = 0, inputs = 0, ...taps] = shape;
    const area = sizeOf(taps);
    const middle = taps.reduce((index, size) => index * size + Math.floor(size / 2), 0);
    const kernel = rest(shape, random, name);
    const kept = Math.min(outputs, inputs);
    kernel.fill(0, 0, kept * inputs * area);
    for (let k = 0; k < kept; k++) kernel[(k * inputs + k) * area + middle] = gain;
    return kernel;
  };
}
