import type { Shape } from '../../util/shape.js';
import type { Value } from '../operation.js';

export interface PoolingOptions {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  /** Padding before the first row and the first column. */
  readonly padding: readonly [number, number];
  readonly outputShape: Shape;
}

/** What native pooling calls need to know of their windows. */
export function poolingAttributes(input: Value, options: PoolingOptions) {
  const { poolSize, strides, padding, outputShape } = options;
  const [channels = 0, height = 0, width = 0] = input.shape;
  const [, outputHeight = 0, outputWidth = 0] = outputShape;
  return {
    channels,
    height,
    width,
    outputHeight,
    outputWidth,
    poolHeight: poolSize[0],
    poolWidth: poolSize[1],
    strideHeight: strides[0],
    strideWidth: strides[1],
    padTop: padding[0],
    padLeft: padding[1],
  };
}
