import { at, type Numbers } from '../values.js';

/** x `[N, C, P]`: statistics are per channel, over samples and pixels. */
export interface NormShape {
  readonly samples: number;
  readonly channels: number;
  readonly pixels: number;
}

/** Of a channel: what a loop over its values needs. */
export function indicesOf({ samples, channels, pixels }: NormShape, channel: number): number[] {
  return Array.from({ length: samples * pixels }, (_, i) => {
    return (Math.floor(i / pixels) * channels + channel) * pixels + (i % pixels);
  });
}

/** Mean and variance of each channel, the variance as a sum of squared deviations over their number. */
export function statistics(shape: NormShape, x: Numbers): { mean: Float64Array; variance: Float64Array } {
  const mean = new Float64Array(shape.channels);
  const variance = new Float64Array(shape.channels);
  for (let c = 0; c < shape.channels; c++) {
    const indices = indicesOf(shape, c);
    mean[c] = indices.reduce((sum, i) => sum + at(x, i), 0) / indices.length;
    variance[c] = indices.reduce((sum, i) => sum + (at(x, i) - at(mean, c)) ** 2, 0) / indices.length;
  }
  return { mean, variance };
}

/** `(x - mean) / sqrt(variance + epsilon) * gamma + beta`. */
export function normalize(
  shape: NormShape,
  x: Numbers,
  given: { mean: Numbers; variance: Numbers; gamma: Numbers; beta: Numbers; epsilon: number },
): Float64Array {
  const y = new Float64Array(x.length);
  for (let c = 0; c < shape.channels; c++) {
    const deviation = Math.sqrt(at(given.variance, c) + given.epsilon);
    for (const i of indicesOf(shape, c)) {
      y[i] = ((at(x, i) - at(given.mean, c)) / deviation) * at(given.gamma, c) + at(given.beta, c);
    }
  }
  return y;
}

/**
 * Gradients of the sum over dy y by the chain rule, through mean and variance (Ioffe and Szegedy, "Batch normalization",
 * 2015, section 3), and the sums of the absolute values each is made of.
 */
export function normalizeGradient(shape: NormShape, dy: Numbers, x: Numbers, gamma: Numbers, epsilon: number) {
  const { mean, variance } = statistics(shape, x);
  const m = shape.samples * shape.pixels;
  const [dx, dxSize] = [new Float64Array(x.length), new Float64Array(x.length)];
  const sums = () => new Float64Array(shape.channels);
  const [dgamma, dgammaSize, dbeta, dbetaSize] = [sums(), sums(), sums(), sums()];
  for (let c = 0; c < shape.channels; c++) {
    const deviation = Math.sqrt(at(variance, c) + epsilon);
    let dVariance = 0;
    let dMean = 0;
    for (const i of indicesOf(shape, c)) {
      const centered = at(x, i) - at(mean, c);
      const normalized = centered / deviation;
      const own = at(dy, i) * at(gamma, c);
      dgamma[c] = at(dgamma, c) + at(dy, i) * normalized;
      dgammaSize[c] = at(dgammaSize, c) + Math.abs(at(dy, i) * normalized);
      dbeta[c] = at(dbeta, c) + at(dy, i);
      dbetaSize[c] = at(dbetaSize, c) + Math.abs(at(dy, i));
      dVariance += (own * centered * -0.5) / deviation ** 3;
      dMean -= own / deviation;
    }
    // The variance's own part by the mean, -2 / m sum (x - mean), is zero.
    for (const i of indicesOf(shape, c)) {
      const parts = [(at(dy, i) * at(gamma, c)) / deviation, (dVariance * 2 * (at(x, i) - at(mean, c))) / m, dMean / m];
      dx[i] = parts.reduce((sum, part) => sum + part, 0);
      dxSize[i] = parts.reduce((sum, part) => sum + Math.abs(part), 0);
    }
  }
  return { dx, dgamma, dbeta, sizes: { dx: dxSize, dgamma: dgammaSize, dbeta: dbetaSize } };
}
