import type { Padding } from 'cnnative';

/** One axis of a sliding window. */
export interface Axis {
  readonly input: number;
  readonly size: number;
  readonly stride: number;
  readonly before: number;
  readonly after: number;
}

/** Rows and columns of a window over an image, with the padding of each side worked out. */
export function axesOf(
  image: readonly [number, number],
  size: readonly [number, number],
  strides: readonly [number, number],
  padding: Padding,
): [Axis, Axis] {
  const axis = (i: 0 | 1): Axis => {
    const [input, own, stride] = [image[i], size[i], strides[i]];
    const [before, after] = sides(padding, i, input, own, stride);
    return { input, size: own, stride, before, after };
  };
  return [axis(0), axis(1)];
}

/** Positions of the window: as many as fit into the padded input. */
export function positions({ input, size, stride, before, after }: Axis): number {
  let count = 0;
  while (count * stride + size <= before + input + after) count++;
  return count;
}

/** The input position under a tap of the window at a position, or -1 in the padding. */
export function inputUnder({ input, stride, before }: Axis, position: number, tap: number): number {
  const index = position * stride + tap - before;
  return index >= 0 && index < input ? index : -1;
}

// 'same' gives one position for each stride begun, with the odd row or column of padding at the end.
function sides(padding: Padding, axis: 0 | 1, input: number, size: number, stride: number): [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    let total = 0;
    while (positions({ input, size, stride, before: 0, after: total }) < Math.ceil(input / stride)) total++;
    return [Math.floor(total / 2), total - Math.floor(total / 2)];
  }
  if (typeof padding === 'number') return [padding, padding];
  return axis === 0 ? [padding[0], padding[1]] : [padding[2], padding[3]];
}
