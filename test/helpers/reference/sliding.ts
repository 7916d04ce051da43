import type { ConvolutionPadding } from 'cnnative';

/** One axis of a sliding window. */
export interface Axis {
  readonly input: number;
  readonly size: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
  /** Distance of two taps, 1 unless given. */
  readonly dilation?: number;
  /** Whether the last tap comes first. */
  readonly flip?: boolean;
}

/** Rows and columns of a window over an image, with the padding of each side worked out. */
export function axesOf(
  image: readonly [number, number],
  size: readonly [number, number],
  strides: readonly [number, number],
  padding: ConvolutionPadding,
  dilations: readonly [number, number] = [1, 1],
  flip = false,
): [Axis, Axis] {
  const axis = (i: 0 | 1): Axis => {
    const [input, own, stride, dilation] = [image[i], size[i], strides[i], dilations[i]];
    const [before, after] = sides(padding, i, input, (own - 1) * dilation + 1, stride);
    return { input, size: own, stride, before, after, dilation, flip };
  };
  return [axis(0), axis(1)];
}

/** Positions of the window: as many as fit into the padded input. */
export function positions({ input, size, stride, before, after, dilation = 1 }: Axis): number {
  let count = 0;
  while (count * stride + (size - 1) * dilation + 1 <= before + input + after) count++;
  return count;
}

/** How far from the window's begin a tap is. */
export function tapOffset({ size, dilation = 1, flip = false }: Axis, tap: number): number {
  return (flip ? size - 1 - tap : tap) * dilation;
}

/** The input position under a tap of the window at a position, or -1 in the padding. */
export function inputUnder(axis: Axis, position: number, tap: number): number {
  const index = position * axis.stride + tapOffset(axis, tap) - axis.before;
  return index >= 0 && index < axis.input ? index : -1;
}

// 'same' gives one position for each stride begun, with the odd row or column of padding at the end.
function sides(
  padding: ConvolutionPadding,
  axis: 0 | 1,
  input: number,
  size: number,
  stride: number,
): [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'full') return [size - 1, size - 1];
  if (padding === 'same') {
    let total = 0;
    while (positions({ input, size, stride, before: 0, after: total }) < Math.ceil(input / stride)) total++;
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  }
  if (typeof padding === 'number') return [padding, padding];
  return axis === 0 ? [padding[0], padding[1]] : [padding[2], padding[3]];
}
