import { sizeOf } from '../util/shape.js';
import type { Initializer } from './initializer.js';
import { zeros } from './zeros.js';

/**
 * Output k is `gain` times input k: kernels `[K, C, R, S]` have one tap in the middle (of an even number of taps the one behind
 * it), matrices `[units, features]` a diagonal (PyTorch's `dirac_`, Keras's `Identity`); so it is in each group of a convolution. Outputs
 * beyond the inputs are what `rest` makes of them when it fills the whole kernel.
 */
export function dirac(gain: number, rest: Initializer = zeros): Initializer {
  return (shape, random, name, groups = 1) => {
    const [outputs = 0, inputs = 0, ...taps] = shape;
    const area = sizeOf(taps);
    const middle = taps.reduce((index, size) => index * size + Math.floor(size / 2), 0);
    const kernel = rest(shape, random, name);
    const each = outputs / groups;
    const kept = Math.min(each, inputs);
    for (let first = 0; first < outputs; first += each) {
      kernel.fill(0, first * inputs * area, (first + kept) * inputs * area);
      for (let k = 0; k < kept; k++) kernel[((first + k) * inputs + k) * area + middle] = gain;
    }
    return kernel;
  };
}
