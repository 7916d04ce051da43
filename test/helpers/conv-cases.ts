import { layers, type Padding } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import type { ConvolutionShape } from './reference/convolution.js';
import { axesOf } from './reference/sliding.js';
import { pick } from './values.js';

/** One convolution of the matrix all convolution tests run over. */
export interface ConvCase {
  readonly name: string;
  readonly channels: number;
  readonly image: readonly [number, number];
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly useBias: boolean;
  readonly samples: number;
}

const KERNEL_SIZES: readonly (readonly [number, number])[] = [
  ...([1, 2, 3, 4, 5, 6, 7] as const).map((size) => [size, size] as const),
  [1, 3],
  [3, 1],
  [2, 5],
  [7, 1],
  [1, 6],
  [5, 4],
];
const PADDINGS: readonly Padding[] = ['valid', 'same', 1, 2, [0, 1, 2, 0], [2, 0, 1, 2]];
// Parts of a lane group, a whole one, and whole ones with a rest.
const SAMPLES = [1, 5, 16, 17, 33, 40];
// What is left of a register tile comes in all sizes: every count up to this one is a case's filters and another's channels.
const MOST_CHANNELS = 20;
/** Work of one case: bounds the samples, then the channels. */
const MOST_PRODUCTS = 1_500_000;

/**
 * Convolutions with every kernel size, padding, and count of filters and channels up to 20, strides of 1 to 3 for each
 * axis, images from just the kernel's size on, and all sizes of batches.
 */
export function convCases(count: number, seed: number, mostProducts = MOST_PRODUCTS): ConvCase[] {
  const random = new Philox(seed);
  return Array.from({ length: count }, (_, i) => {
    const kernelSize = KERNEL_SIZES[i % KERNEL_SIZES.length] as readonly [number, number];
    const padding = PADDINGS[i % PADDINGS.length] as Padding;
    // At least 3: in smaller ones a step of 3 from a padding of 2 may meet padding alone.
    const [height, width] = kernelSize.map((size) => Math.max(3, size + random.nextInt(6))) as [number, number];
    const image = [height, width] as const;
    const strides = [1 + random.nextInt(3), 1 + random.nextInt(3)] as const;
    const filters = 1 + (i % MOST_CHANNELS);
    const products = filters * kernelSize[0] * kernelSize[1] * image[0] * image[1];
    const channels = Math.max(1, Math.min(1 + ((i * 7 + 3) % MOST_CHANNELS), Math.floor(mostProducts / products)));
    const useBias = i % 4 !== 3;
    const most = (mostProducts * strides[0] * strides[1]) / (products * channels);
    const samples = pick(
      random,
      SAMPLES.filter((size) => size <= Math.max(1, most)),
    );
    const name =
      `${channels} to ${filters} channels, kernel ${kernelSize.join('x')}, strides ${strides.join('x')}, padding ` +
      `${JSON.stringify(padding)}, image ${image.join('x')}, ${samples} samples`;
    return { name, channels, image, filters, kernelSize, strides, padding, useBias, samples };
  });
}

export function convLayer({ filters, kernelSize, strides, padding, useBias }: ConvCase) {
  return layers.conv2d({ filters, kernelSize, strides, padding, useBias });
}

export function inputShapeOf({ channels, image }: ConvCase): number[] {
  return [channels, ...image];
}

/** The same convolution for the definition. */
export function shapeOf({
  channels,
  image,
  filters,
  kernelSize,
  strides,
  padding,
  samples,
}: ConvCase): ConvolutionShape {
  const [rows, columns] = axesOf(image, kernelSize, strides, padding);
  return { samples, channels, filters, rows, columns };
}
