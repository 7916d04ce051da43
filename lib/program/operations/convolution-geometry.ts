import { type Shape, sizeOf } from '../../util/shape.js';

/** All about a convolution but its numbers. */
export interface ConvolutionGeometry {
  /** `[K, C / groups, R, S]`. */
  readonly kernelShape: Shape;
  /** `[C, H, W]`. */
  readonly inputShape: Shape;
  /** `[K, OH, OW]`. */
  readonly outputShape: Shape;
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  /** Padding before the first row and the first column; what the end needs follows from the shapes. */
  readonly padding: readonly [number, number];
  /** Channels are split into so many groups, each convolved for itself. */
  readonly groups: number;
  /** Whether the kernel is rotated by 180 degrees. */
  readonly flip: boolean;
  /** Whether a transposed convolution goes its way back; for profiles, native code does not read it. */
  readonly transposed?: boolean;
}

/** What native calls need to know of a convolution, in any direction. */
export function convolutionAttributes(geometry: ConvolutionGeometry) {
  const { kernelShape, inputShape, outputShape, strides, dilation, padding, groups, flip, transposed } = geometry;
  const [channels = 0, ...image] = inputShape;
  const [filters = 0, ...positions] = outputShape;
  return {
    inputs: channels / groups,
    outputs: filters / groups,
    groups,
    inputShape: image,
    outputShape: positions,
    kernelSize: kernelShape.slice(2),
    strides,
    dilation,
    padding,
    flip: flip ? 1 : 0,
    ...(transposed && { transposed: 1 }),
  };
}

/** Whether it has one filter for each channel. */
export function isDepthwise({ groups, inputShape, kernelShape }: ConvolutionGeometry): boolean {
  return groups > 1 && groups === inputShape[0] && groups === kernelShape[0];
}

/** Whether it multiplies each pixel, or each at its strides, with a matrix. */
export function isPointwise(geometry: ConvolutionGeometry): boolean {
  const { kernelShape, inputShape, outputShape, strides, padding, groups } = geometry;
  const [, ...positions] = outputShape;
  const inside = ([1, 2] as const).every(
    (axis) => ((outputShape[axis] ?? 0) - 1) * (strides[axis - 1] ?? 1) < (inputShape[axis] ?? 0),
  );
  return (
    groups === 1 && sizeOf(kernelShape.slice(2)) === 1 && Math.max(...padding) === 0 && inside && sizeOf(positions) > 1
  );
}

/** Whether the input has a pixel for each of the output's, one by one. */
export function keepsImage({ inputShape, outputShape, strides }: ConvolutionGeometry): boolean {
  return sizeOf(strides) === 1 && inputShape[1] === outputShape[1] && inputShape[2] === outputShape[2];
}
