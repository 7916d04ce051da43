import { at, type Numbers } from '../values.js';

/** x `[N, G, C, P]`: statistics are of each group of each sample, gamma and beta of each channel. */
export interface GroupNormShape {
  readonly samples: number;
  readonly groups: number;
  readonly channels: number;
  readonly pixels: number;
}

interface Given {
  readonly gamma: Numbers;
  readonly beta: Numbers;
  readonly epsilon: number;
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const mean = (values: readonly number[]) => sum(values) / values.length;

/** Calls visit with the indices of the values of each group of each sample. */
function eachGroup({ samples, groups, channels, pixels }: GroupNormShape, visit: (indices: number[]) => void): void {
  const n = channels * pixels;
  for (let group = 0; group < samples * groups; group++) visit(Array.from({ length: n }, (_, i) => group * n + i));
}

/** The channel of a value, among those of a sample. */
export function channelOf({ groups, channels, pixels }: GroupNormShape, index: number): number {
  return Math.floor(index / pixels) % (groups * channels);
}

/** `(x - mean) / sqrt(variance + epsilon)`, and the largest divisor's inverse: what it magnifies roundings by. */
export function normalValues(shape: GroupNormShape, x: Numbers, epsilon: number) {
  const values = new Float64Array(x.length);
  const inverses = new Float64Array(x.length);
  eachGroup(shape, (indices) => {
    const middle = mean(indices.map((i) => at(x, i)));
    const variance = mean(indices.map((i) => (at(x, i) - middle) ** 2));
    for (const i of indices) {
      inverses[i] = 1 / Math.sqrt(variance + epsilon);
      values[i] = (at(x, i) - middle) * at(inverses, i);
    }
  });
  return { values, inverses };
}

export function groupNorm(shape: GroupNormShape, x: Numbers, { gamma, beta, epsilon }: Given): Float64Array {
  const { values } = normalValues(shape, x, epsilon);
  return values.map((value, i) => value * at(gamma, channelOf(shape, i)) + at(beta, channelOf(shape, i)));
}

/** From the derivatives of mean and variance, which follow from those of the sums they are made of. */
export function groupNormGradient(shape: GroupNormShape, dy: Numbers, x: Numbers, { gamma, epsilon }: Given) {
  const { values, inverses } = normalValues(shape, x, epsilon);
  const dx = new Float64Array(x.length);
  eachGroup(shape, (indices) => {
    const n = indices.length;
    const [first = 0] = indices;
    const middle = mean(indices.map((i) => at(x, i)));
    const inverse = at(inverses, first);
    const d = indices.map((i) => at(dy, i) * at(gamma, channelOf(shape, i)));
    const dVariance = sum(indices.map((i, j) => (at(d, j) * (at(x, i) - middle) * inverse ** 3) / -2));
    const dMean = -inverse * sum(d);
    indices.forEach((i, j) => {
      dx[i] = at(d, j) * inverse + (dVariance * 2 * (at(x, i) - middle)) / n + dMean / n;
    });
  });
  const all = shape.groups * shape.channels;
  const dgamma = new Float64Array(all);
  const dbeta = new Float64Array(all);
  values.forEach((value, i) => {
    const channel = channelOf(shape, i);
    dgamma[channel] = at(dgamma, channel) + at(dy, i) * value;
    dbeta[channel] = at(dbeta, channel) + at(dy, i);
  });
  return { dx, dgamma, dbeta };
}
