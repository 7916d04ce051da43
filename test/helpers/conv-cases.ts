import { type Conv2DOptions, type ConvolutionPadding, layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import type { ConvolutionShape } from './reference/convolution.js';
import { type Axis, axesOf, inputUnder, positions } from './reference/sliding.js';
import { pick } from './values.js';

/** One convolution of the matrix all convolution tests run over. */
export interface ConvCase {
  readonly name: string;
  readonly channels: number;
  readonly image: readonly [number, number];
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: ConvolutionPadding;
  readonly groups: number;
  readonly flip: boolean;
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
const PADDINGS: readonly ConvolutionPadding[] = ['valid', 'same', 1, 2, [0, 1, 2, 0], [2, 0, 1, 2], 'full'];
// Parts of a lane group, a whole one, and whole ones with a rest.
const SAMPLES = [1, 5, 16, 17, 33, 40];
// What is left of a register tile comes in all sizes: every count up to this one is a case's filters and another's channels.
const MOST_CHANNELS = 20;
/** Work of one case: bounds the samples, then the channels. */
const MOST_PRODUCTS = 1_500_000;

/**
 * Convolutions with every kernel size, padding, and count of filters and channels up to 20, strides and dilations of 1 to 3 for each
 * axis, kernels turned or not, one group or several, images from smaller than the kernel on, and all sizes of batches.
 */
export function convCases(count: number, seed: number, mostProducts = MOST_PRODUCTS): ConvCase[] {
  const random = new Philox(seed);
  return Array.from({ length: count }, (_, i) => {
    const kernelSize = KERNEL_SIZES[i % KERNEL_SIZES.length] as readonly [number, number];
    const padding = PADDINGS[i % PADDINGS.length] as ConvolutionPadding;
    const strides = [1 + random.nextInt(3), 1 + random.nextInt(3)] as const;
    const dilation =
      random.nextInt(2) === 0 ? ([1, 1] as const) : ([1 + random.nextInt(3), 1 + random.nextInt(3)] as const);
    const flip = i % 3 === 2;
    const groups = i % 5 === 4 ? 2 + random.nextInt(2) : 1;
    const image = imageFor(random, (size) => axesOf(size, kernelSize, strides, padding, dilation, flip));
    const filters = 1 + (i % MOST_CHANNELS);
    const products = filters * groups * kernelSize[0] * kernelSize[1] * image[0] * image[1];
    const channels = Math.max(1, Math.min(1 + ((i * 7 + 3) % MOST_CHANNELS), Math.floor(mostProducts / products)));
    const useBias = i % 4 !== 3;
    const most = (mostProducts * strides[0] * strides[1]) / (products * channels);
    const samples = pick(
      random,
      SAMPLES.filter((size) => size <= Math.max(1, most)),
    );
    const own = {
      channels: channels * groups,
      filters: filters * groups,
      groups,
      kernelSize,
      image,
      strides,
      dilation,
      padding,
      flip,
    };
    return named(own, useBias, samples);
  });
}

/** Convolutions of few channels with rows of three taps, whose weight gradient has register tiles of its own: every rest of these. */
export function threeTapCases(): ConvCase[] {
  const counts = [1, 2, 3, 4, 5, 6, 7, 8];
  return counts.flatMap((channels) =>
    counts.map((filters, i) => {
      const kernelSize = [channels % 2 === 0 ? 3 : 2, 3] as const;
      const own = {
        ...{ channels, filters, groups: 1, kernelSize, image: [5, 6 + i] as const },
        ...{ strides: [1, 1 + (i % 2)] as const, dilation: [1, 1] as const },
        ...{ padding: (i % 3 === 0 ? 'valid' : 'same') as ConvolutionPadding, flip: i % 4 === 3 },
      };
      return named(own, true, 18);
    }),
  );
}

/** Convolutions of enough channels for their weight gradient to go band by band, of one row of the image or several, with a rest of each. */
export function bandCases(): ConvCase[] {
  const kinds = [
    { channels: 8, filters: 16, image: [15, 13], kernelSize: [3, 3] },
    { channels: 13, filters: 17, image: [23, 9], kernelSize: [3, 2], strides: [2, 1], dilation: [1, 2] },
    {
      channels: 9,
      filters: 33,
      image: [19, 9],
      kernelSize: [2, 3],
      strides: [1, 2],
      dilation: [3, 1],
      padding: 'full',
    },
    { channels: 12, filters: 48, image: [13, 6], kernelSize: [1, 3], padding: 'valid' },
    { channels: 20, filters: 18, image: [3, 70], kernelSize: [3, 1] },
  ] as const;
  const plain = { strides: [1, 1], dilation: [1, 1], padding: 'same', groups: 1 } as const;
  return kinds.flatMap((kind) => [false, true].map((flip) => named({ ...plain, ...kind, flip }, false, 18)));
}

/** A case that says in its name all that decides what is computed. */
function named(own: Omit<ConvCase, 'name' | 'useBias' | 'samples'>, useBias: boolean, samples: number): ConvCase {
  return { name: `${JSON.stringify(own)}, ${samples} samples`, ...own, useBias, samples };
}

/** An image in which some tap of the kernel meets a pixel: of so few rows and columns that it may be smaller than the kernel, or some more. */
export function imageFor(
  random: Philox,
  axesOfImage: (size: readonly [number, number]) => readonly [Axis, Axis],
): readonly [number, number] {
  const side = (axis: 0 | 1) => {
    const grown = (from: number) => {
      let size = from;
      while (!meets(axesOfImage([size, size])[axis])) size++;
      return size;
    };
    return grown(grown(1) + random.nextInt(7));
  };
  return [side(0), side(1)];
}

function meets(axis: Axis): boolean {
  for (let o = 0; o < positions(axis); o++) {
    for (let tap = 0; tap < axis.size; tap++) if (inputUnder(axis, o, tap) >= 0) return true;
  }
  return false;
}

export function convLayer(
  { filters, kernelSize, strides, dilation, padding, groups, flip, useBias }: ConvCase,
  more: Pick<Conv2DOptions, 'activation'> = {},
) {
  return layers.conv2d({ filters, kernelSize, strides, dilation, padding, groups, flip, useBias, ...more });
}

export function inputShapeOf({ channels, image }: ConvCase): number[] {
  return [channels, ...image];
}

/** The same convolution for the definition. */
export function shapeOf(spec: ConvCase): ConvolutionShape {
  const { samples, channels, filters, groups, image, kernelSize, strides, padding, dilation, flip } = spec;
  const [rows, columns] = axesOf(image, kernelSize, strides, padding, dilation, flip);
  return { samples, channels, filters, rows, columns, groups };
}
