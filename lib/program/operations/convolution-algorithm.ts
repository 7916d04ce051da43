import { sizeOf } from '../../util/shape.js';
import { type ConvolutionGeometry, isPointwise } from './convolution-geometry.js';

export type ConvolutionAlgorithm = 'direct' | 'pointwise' | 'winograd';

/**
 * For kernels of so many taps a side: from so many channels on, counted on the side that has fewer, Winograd is faster than the direct
 * kernels where at least so much of its tiles is wanted, by direction (docs/performance.md). More channels outweigh more waste; weight
 * gradients, which go with the way forward, bear less of it.
 */
const WINOGRAD: Readonly<Record<number, readonly { channels: number; forward: number; backward: number }[]>> = {
  3: [
    { channels: 16, forward: 0.7, backward: 0.4 },
    { channels: 32, forward: 0.4, backward: 0.4 },
  ],
  5: [{ channels: 12, forward: 0.7, backward: 0.7 }],
};
/** The same of single samples with lanes of channels, which go forward only. */
const WINOGRAD_ON_CHANNELS: typeof WINOGRAD = {
  3: [{ channels: 12, forward: 0.5, backward: Number.POSITIVE_INFINITY }],
  5: [{ channels: 16, forward: 0.7, backward: Number.POSITIVE_INFINITY }],
};
/**
 * A single sample reads all weights for a few tiles, and Winograd's are 4 times as many numbers as those of 3x3 kernels: fewer tiles than
 * these pay for it only while pairs of channels are few enough for the caches.
 */
const ENOUGH_TILES = 8;
const FEWEST_TILES = 4;
const MOST_CACHED_PAIRS = 2 ** 15;
/** Inputs of a side of a tile. */
const WINOGRAD_INPUTS = 6;

/** Values of a tile at Winograd's points. */
export const WINOGRAD_POINTS = WINOGRAD_INPUTS ** 2;

/** Outputs of a side of Winograd's tiles, by the taps of a side of the kernel: 4 with 3x3, 2 with 5x5. */
export function winogradTile(taps = 1): number {
  return WINOGRAD_INPUTS + 1 - taps;
}

/** Decided from shapes alone, so that results do not depend on the machine's mood. Scalar kernels know the direct one only. */
export function algorithmOf(
  geometry: ConvolutionGeometry,
  vectors: boolean,
  direction: 'forward' | 'backward',
): ConvolutionAlgorithm {
  if (!vectors || geometry.groups > 1) return 'direct';
  if (isPointwise(geometry)) return 'pointwise';
  return !geometry.flip && suitsWinograd(geometry, direction, WINOGRAD) ? 'winograd' : 'direct';
}

/** Whether a convolution of single samples with lanes of channels goes by Winograd's algorithm, whose weights are flipped as they are read. */
export function isWinogradOnChannels(geometry: ConvolutionGeometry): boolean {
  const { groups, kernelShape, outputShape } = geometry;
  const [outputs = 0, inputs = 0, taps] = kernelShape;
  const tiles = sizeOf(outputShape.slice(1).map((size) => Math.ceil(size / winogradTile(taps))));
  const enough = outputs * inputs <= MOST_CACHED_PAIRS ? FEWEST_TILES : ENOUGH_TILES;
  return groups === 1 && tiles >= enough && suitsWinograd(geometry, 'forward', WINOGRAD_ON_CHANNELS);
}

function suitsWinograd(
  { kernelShape, inputShape, outputShape, strides, dilation }: ConvolutionGeometry,
  direction: 'forward' | 'backward',
  table: typeof WINOGRAD,
): boolean {
  const [outputs = 0, inputs = 0, taps = 0, columns] = kernelShape;
  if (columns !== taps || [...strides, ...dilation].some((step) => step !== 1)) return false;
  // The direct kernels leave out taps beyond the border; tiles that reach beyond it are wasted.
  const [tile, [, ...made]] = [winogradTile(taps), direction === 'forward' ? outputShape : inputShape];
  const useful = sizeOf(outputShape.slice(1)) / sizeOf(made.map((size) => Math.ceil(size / tile) * tile));
  const channels = Math.min(outputs, inputs);
  return (table[taps] ?? []).some((least) => channels >= least.channels && useful >= least[direction]);
}
