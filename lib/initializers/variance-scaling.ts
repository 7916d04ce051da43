import { type Fans, fansOf } from './fans.js';
import type { Initializer } from './initializer.js';
import { truncatedNormal } from './normal.js';
import { randomUniform } from './uniform.js';

/** Standard deviation of a normal distribution of deviation 1 that ends at ±2: sqrt(1 - 4 phi(2) / (2 Phi(2) - 1)). */
const TRUNCATED_DEVIATION = 0.879_625_661_034_239_8;

/**
 * Values of mean 0 and variance `scale / fan`; normal ones end at twice the deviation they are drawn with, which makes up for
 * what is cut off (Keras's VarianceScaling).
 */
export function varianceScaling(
  distribution: 'uniform' | 'normal',
  scale: number,
  fanOf: (fans: Fans) => number,
): Initializer {
  return (shape, random, name) => {
    const fan = fanOf(fansOf(shape));
    const limit = Math.sqrt((3 * scale) / fan);
    const draw =
      distribution === 'uniform'
        ? randomUniform(-limit, limit)
        : truncatedNormal(0, Math.sqrt(scale / fan) / TRUNCATED_DEVIATION);
    return draw(shape, random, name);
  };
}

export const fanIn = (fans: Fans): number => fans.in;
export const fanMean = (fans: Fans): number => (fans.in + fans.out) / 2;
