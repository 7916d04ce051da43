import type { Shape } from '../../util/shape.js';
import type { Value } from '../operation.js';

/** Windows that slide over the image, as `[height, width]`. */
export interface SlidingWindows {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Padding before the first row and the first column. */
  readonly padding: readonly [number, number];
  /** @default [1, 1] */
  readonly dilation?: readonly [number, number];
  /** Padding behind the last row and column, where means count padded positions. Without it they do not. */
  readonly countedAfter?: readonly [number, number] | undefined;
  readonly outputShape: Shape;
}

/** Bins that divide the image: `i` is `floor(i * in / out)` to `ceil((i + 1) * in / out)`. */
export interface AdaptiveWindows {
  readonly adaptive: true;
  readonly outputShape: Shape;
}

export type PoolingOptions = SlidingWindows | AdaptiveWindows;

/** What native pooling calls need to know of their windows. */
export function poolingAttributes(input: Value, options: PoolingOptions) {
  const [channels = 0, height = 0, width = 0] = input.shape;
  const [, outputHeight = 0, outputWidth = 0] = options.outputShape;
  const sizes = { channels, height, width, outputHeight, outputWidth };
  return 'adaptive' in options
    ? { ...sizes, windows: 'adaptive' }
    : { ...sizes, windows: 'sliding', ...slidingAttributes(options) };
}

function slidingAttributes({ poolSize, strides, padding, dilation = [1, 1], countedAfter }: SlidingWindows) {
  const [padBottom, padRight] = countedAfter ?? [0, 0];
  return {
    poolHeight: poolSize[0],
    poolWidth: poolSize[1],
    strideHeight: strides[0],
    strideWidth: strides[1],
    dilationHeight: dilation[0],
    dilationWidth: dilation[1],
    padTop: padding[0],
    padLeft: padding[1],
    padBottom,
    padRight,
    countPadding: countedAfter ? 1 : 0,
  };
}
