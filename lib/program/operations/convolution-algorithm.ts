import { type ConvolutionGeometry, isPointwise } from './convolution-geometry.js';

export type ConvolutionAlgorithm = 'direct' | 'pointwise' | 'winograd';

/** Winograd's tiles produce 4x4 outputs from so many channels on faster than the direct kernels (docs/performance.md). */
const LEAST_WINOGRAD_CHANNELS = 16;
export const WINOGRAD_TILE = 4;

/** Decided from the shape alone, so that results do not depend on the machine's mood. Scalar kernels know the direct one only. */
export function algorithmOf(geometry: ConvolutionGeometry, vectors: boolean): ConvolutionAlgorithm {
  if (!vectors || geometry.groups > 1) return 'direct';
  if (isPointwise(geometry)) return 'pointwise';
  return suitsWinograd(geometry) ? 'winograd' : 'direct';
}

function suitsWinograd({ kernelShape, outputShape, strides, dilation, flip }: ConvolutionGeometry): boolean {
  const [outputs = 0, inputs = 0, ...kernelSize] = kernelShape;
  const [, height = 0, width = 0] = outputShape;
  const plain = !flip && [...strides, ...dilation].every((step) => step === 1);
  const fits = plain && kernelSize.every((size) => size === 3);
  if (!fits || Math.min(outputs, inputs) < LEAST_WINOGRAD_CHANNELS) return false;
  // Tiles beyond the border are wasted; more channels outweigh more waste.
  const tiles = (size: number) => Math.ceil(size / WINOGRAD_TILE) * WINOGRAD_TILE;
  const useful = (height * width) / (tiles(height) * tiles(width));
  return useful >= (Math.min(outputs, inputs) >= 2 * LEAST_WINOGRAD_CHANNELS ? 0.4 : 0.7);
}
