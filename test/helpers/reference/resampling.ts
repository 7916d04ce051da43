import { at, type Numbers } from '../values.js';

export interface ResamplingShape {
  /** Samples and channels alike. */
  readonly planes: number;
  readonly image: readonly [number, number];
  readonly scale: readonly [number, number];
  readonly interpolation: 'nearest' | 'bilinear';
}

interface Share {
  readonly position: number;
  readonly weight: number;
}

/** What an output position takes of an axis: half-pixel centres, positions beyond the ends held there. */
function sharesOf(output: number, input: number, scale: number, interpolation: 'nearest' | 'bilinear'): Share[] {
  if (interpolation === 'nearest') return [{ position: Math.floor(output / scale), weight: 1 }];
  // In whole numbers, 2 * scale to a position: (output + 1/2) / scale - 1/2.
  const unit = 2 * scale;
  const place = Math.min(Math.max(2 * output + 1 - scale, 0), (input - 1) * unit);
  const [low, beyond] = [Math.floor(place / unit), (place % unit) / unit];
  const shares = [
    { position: low, weight: 1 - beyond },
    { position: low + 1, weight: beyond },
  ];
  return shares.filter(({ weight }) => weight > 0);
}

/** Images enlarged, and the gradient: each output's shares, there and back. */
export function resampling({ planes, image, scale, interpolation }: ResamplingShape, x: Numbers, dy: Numbers) {
  const [height, width] = image;
  const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
  const sizes = { y: new Float64Array(dy.length), dx: new Float64Array(x.length) };
  let output = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < height * scale[0]; i++) {
      for (let j = 0; j < width * scale[1]; j++, output++) {
        for (const row of sharesOf(i, height, scale[0], interpolation)) {
          for (const column of sharesOf(j, width, scale[1], interpolation)) {
            const input = (plane * height + row.position) * width + column.position;
            const [weight, gradient] = [row.weight * column.weight, at(dy, output)];
            y[output] = at(y, output) + weight * at(x, input);
            sizes.y[output] = at(sizes.y, output) + weight * Math.abs(at(x, input));
            dx[input] = at(dx, input) + weight * gradient;
            sizes.dx[input] = at(sizes.dx, input) + weight * Math.abs(gradient);
          }
        }
      }
    }
  }
  return { y, dx, sizes };
}
