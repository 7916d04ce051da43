import { at, type Numbers } from '../values.js';

/** x `[N, C, P]` */
export interface ResponseShape {
  readonly samples: number;
  readonly channels: number;
  readonly pixels: number;
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;
}

/** The channels in the window of a channel, as PyTorch's padding of `size / 2` in front and `(size - 1) / 2` behind has it. */
function windowOf({ channels, size }: ResponseShape, channel: number): number[] {
  const first = channel - Math.floor(size / 2);
  return Array.from({ length: size }, (_, i) => first + i).filter((other) => other >= 0 && other < channels);
}

/** Calls visit with the sample's and pixel's way from a channel to an index. */
function eachPixel({ samples, channels, pixels }: ResponseShape, visit: (index: (channel: number) => number) => void) {
  for (let n = 0; n < samples; n++) {
    for (let p = 0; p < pixels; p++) visit((channel) => (n * channels + channel) * pixels + p);
  }
}

const channelsOf = ({ channels }: ResponseShape) => Array.from({ length: channels }, (_, c) => c);

function baseOf(shape: ResponseShape, x: Numbers, index: (channel: number) => number, channel: number): number {
  const squares = windowOf(shape, channel).reduce((sum, other) => sum + at(x, index(other)) ** 2, 0);
  return shape.k + (shape.alpha / shape.size) * squares;
}

export function localResponse(shape: ResponseShape, x: Numbers): Float64Array {
  const y = new Float64Array(x.length);
  eachPixel(shape, (index) => {
    for (const c of channelsOf(shape)) y[index(c)] = at(x, index(c)) / baseOf(shape, x, index, c) ** shape.beta;
  });
  return y;
}

/** Every output's derivative by every input of its window, added up. */
export function localResponseGradient(shape: ResponseShape, dy: Numbers, x: Numbers): Float64Array {
  const { alpha, beta, size } = shape;
  const dx = new Float64Array(x.length);
  eachPixel(shape, (index) => {
    for (const c of channelsOf(shape)) {
      const base = baseOf(shape, x, index, c);
      const own = index(c);
      dx[own] = at(dx, own) + at(dy, own) * base ** -beta;
      for (const other of windowOf(shape, c).map(index)) {
        const slope = -beta * base ** (-beta - 1) * (alpha / size) * 2 * at(x, other);
        dx[other] = at(dx, other) + at(dy, own) * at(x, own) * slope;
      }
    }
  });
  return dx;
}
