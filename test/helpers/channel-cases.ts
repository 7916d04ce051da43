import type { Padding } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import type { KernelCase } from './conv-calls.js';
import { axesOf, positions } from './reference/sliding.js';
import { pick } from './values.js';

const CHANNELS = [1, 3, 6, 16, 17, 24, 32, 48];
const FILTERS = [1, 5, 16, 20, 32, 40];
const KERNEL_SIZES = [1, 3, 5, 7];
const WINOGRAD_SIZES = [3, 5] as const;
const DEPTHWISE_SIZES = [3, 5];
const STRIDES = [1, 2, 3];
const DILATIONS = [1, 2, 3];
const ONE = [1, 1] as const;
const SAMPLES = [1, 2, 5];
const PADDINGS: readonly Padding[] = [0, 'same', 1, 2, 3, [0, 1, 2, 3], [3, 0, 0, 1], [1, 0, 3, 2]];
/** Rows and columns beside the kernel's own; the last ones are wider than any tile. */
const ROOM = [0, 1, 2, 4, 7, 18, 33];
/** Bounds the time of a case. */
const MOST_PRODUCTS = 2_000_000;

/** Convolutions of few samples: every kernel size with every stride and padding, all else drawn. */
export function channelCases(count: number, seed: number): KernelCase[] {
  return drawn(count, seed, KERNEL_SIZES, (random) => {
    return { channels: pick(random, CHANNELS), filters: pick(random, FILTERS), groups: 1 };
  });
}

/** The same with a filter of its own for each channel. */
export function depthwiseCases(count: number, seed: number): KernelCase[] {
  return drawn(count, seed, DEPTHWISE_SIZES, (random) => {
    const channels = pick(random, CHANNELS.slice(1));
    return { channels, filters: channels, groups: channels };
  });
}

/** Those that Winograd's algorithm takes: square kernels of stride 1. */
export function winogradCases(count: number, seed: number): KernelCase[] {
  const random = new Philox(seed);
  return channelCases(8 * count, seed)
    .map((spec, i) => {
      const size = pick(random, WINOGRAD_SIZES);
      const padding = typeof spec.padding === 'number' ? spec.padding : (PADDINGS[i % PADDINGS.length] as Padding);
      const image = spec.image.map((side) => Math.max(side, size)) as [number, number];
      return { ...spec, kernelSize: [size, size] as const, strides: ONE, dilation: ONE, padding, image };
    })
    .filter((spec) => productsOf(spec) * spec.samples <= MOST_PRODUCTS)
    .slice(0, count);
}

/**
 * More weights than inputs, in four tiles of filters and more: parts take filters where they take rows otherwise.
 */
export const MANY_FILTERS: readonly KernelCase[] = [
  ...([1, 3] as const).map((size) => caseOf({ channels: 24, filters: 150, kernelSize: [size, size], samples: 2 })),
  caseOf({ channels: 17, filters: 128, kernelSize: [1, 3], image: [3, 5], samples: 1 }),
  // Tiles of several rows, some of which are left over.
  caseOf({ channels: 20, filters: 130, kernelSize: [3, 3], image: [8, 8], samples: 1 }),
  caseOf({ channels: 16, filters: 128, kernelSize: [3, 3], strides: [2, 2], image: [13, 15] }),
  caseOf({ channels: 16, filters: 115, kernelSize: [3, 3], dilation: [2, 1], image: [7, 4] }),
];

/** Several runs of filters, and several bands of tiles as well. */
export const WINOGRAD_PARTS: readonly KernelCase[] = [
  caseOf({ channels: 24, filters: 150, kernelSize: [3, 3], image: [9, 10], samples: 2 }),
  caseOf({ channels: 40, filters: 72, kernelSize: [5, 5], image: [7, 8] }),
  caseOf({ channels: 130, filters: 70, kernelSize: [3, 3], image: [22, 18] }),
  caseOf({ channels: 16, filters: 16, kernelSize: [3, 3], image: [33, 30], over: true }),
];

function caseOf(given: Partial<KernelCase>): KernelCase {
  return {
    ...{
      samples: 1,
      channels: 1,
      filters: 1,
      groups: 1,
      image: [3, 3],
      kernelSize: [1, 1],
      strides: [1, 1],
      dilation: [1, 1],
      flip: false,
    },
    ...{ padding: 'same', bias: true, addend: true, over: false, relu: true, sparse: false, groupsPerBlock: 1 },
    ...given,
  };
}

function drawn(
  count: number,
  seed: number,
  sizes: readonly number[],
  channelsOf: (random: Philox) => Pick<KernelCase, 'channels' | 'filters' | 'groups'>,
): KernelCase[] {
  const random = new Philox(seed);
  const maybe = () => random.nextInt(2) === 0;
  const cases: KernelCase[] = [];
  for (let i = 0; cases.length < count; i++) {
    const size = sizes[i % sizes.length] as number;
    const kernelSize = [size, random.nextInt(4) === 0 ? pick(random, sizes) : size] as const;
    const stride = STRIDES[Math.floor(i / sizes.length) % STRIDES.length] as number;
    const strides = [stride, random.nextInt(3) === 0 ? pick(random, STRIDES) : stride] as const;
    const padding = PADDINGS[i % PADDINGS.length] as Padding;
    const dilation = random.nextInt(3) === 0 ? ([pick(random, DILATIONS), pick(random, DILATIONS)] as const) : ONE;
    const extent = kernelSize.map((taps, axis) => (taps - 1) * (dilation[axis] ?? 1) + 1) as [number, number];
    const image = [extent[0] + pick(random, ROOM), extent[1] + pick(random, ROOM)] as const;
    const riders = { bias: maybe(), addend: maybe(), over: maybe(), relu: maybe(), sparse: random.nextInt(3) === 0 };
    const own = { ...channelsOf(random), image, kernelSize, strides, dilation, padding, flip: random.nextInt(3) === 0 };
    const samples = pick(random, SAMPLES);
    if (productsOf(own) * samples <= MOST_PRODUCTS) cases.push(caseOf({ ...own, ...riders, samples }));
  }
  return cases;
}

function productsOf(
  spec: Pick<
    KernelCase,
    'channels' | 'filters' | 'groups' | 'image' | 'kernelSize' | 'strides' | 'dilation' | 'padding'
  >,
): number {
  const { channels, filters, groups, image, kernelSize, strides, dilation, padding } = spec;
  const [rows, columns] = axesOf(image, kernelSize, strides, padding, dilation);
  return (channels * filters * kernelSize[0] * kernelSize[1] * positions(rows) * positions(columns)) / groups;
}
