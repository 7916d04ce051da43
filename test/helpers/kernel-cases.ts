import { Philox } from '#lib/util/philox.js';
import type { KernelCase } from './conv-calls.js';
import { pick } from './values.js';

const CHANNELS = [1, 3, 6, 8, 16, 24, 32, 64];
const KERNEL_SIZES = [1, 3, 5, 7];
const STRIDES = [1, 2, 3];
const DILATIONS = [1, 2, 3];
const ONE = [1, 1] as const;
const PADDINGS = ['same', 'valid', 'full'] as const;
const SAMPLES = [1, 7, 16, 17, 33];
/** Rows and columns beside the kernel's own. */
const ROOM = [0, 1, 2, 4, 6, 8];
/** Bounds the time of a case. */
const MOST_PRODUCTS = 12_000_000;

/**
 * Convolutions of every kernel size with every stride and padding, and all else drawn: whole, in groups and depthwise, with
 * odd channels and images as often as even ones, and with everything that may ride on a call.
 */
export function directCases(count: number, seed: number): KernelCase[] {
  const random = new Philox(seed);
  return Array.from({ length: count }, (_, i) => {
    const size = KERNEL_SIZES[i % 4] as number;
    const kernelSize =
      random.nextInt(5) === 0 ? ([size, pick(random, KERNEL_SIZES)] as const) : ([size, size] as const);
    const stride = STRIDES[Math.floor(i / 4) % 3] as number;
    const dilation = random.nextInt(3) === 0 ? ([pick(random, DILATIONS), pick(random, DILATIONS)] as const) : ONE;
    const extent = kernelSize.map((taps, axis) => (taps - 1) * (dilation[axis] ?? 1) + 1) as [number, number];
    const image = [extent[0] + pick(random, ROOM), extent[1] + pick(random, ROOM)] as const;
    return fitting({
      ...channelsOf(random, i),
      ...{ image, kernelSize, strides: random.nextInt(5) === 0 ? [stride, pick(random, STRIDES)] : [stride, stride] },
      ...{ dilation, flip: random.nextInt(3) === 0 },
      ...{ padding: PADDINGS[Math.floor(i / 12) % 3] ?? 'same', ...ridersOf(random) },
    });
  });
}

/** The same for what Winograd's algorithm does: 3x3 or 5x5, stride 1, ungrouped; tiles that the image leaves in part. */
export function winogradCases(count: number, seed: number, widths = [...CHANNELS, 17, 49]): KernelCase[] {
  const random = new Philox(seed);
  return Array.from({ length: count }, (_, i) => {
    const size = i % 2 === 0 ? 3 : 5;
    const side = () => size + random.nextInt(13);
    return fitting({
      ...{ channels: pick(random, widths), filters: pick(random, widths), groups: 1 },
      ...{ image: [side(), side()], kernelSize: [size, size], strides: ONE, dilation: ONE, flip: false },
      padding: (['same', 'valid', 2, [0, 1, 2, 0]] as const)[Math.floor(i / 2) % 4] ?? 'same',
      ...ridersOf(random),
    });
  });
}

function channelsOf(random: Philox, i: number): Pick<KernelCase, 'channels' | 'filters' | 'groups'> {
  const channels = pick(random, CHANNELS);
  if (i % 5 === 3) {
    const groups = pick(random, [2, 3, 4]);
    return { channels: groups * pick(random, [1, 3, 8, 17]), filters: groups * pick(random, [1, 4, 5, 16]), groups };
  }
  if (i % 5 === 4) return { channels, filters: channels * pick(random, [1, 1, 2, 3]), groups: channels };
  return { channels, filters: pick(random, [...CHANNELS, 5, 17, 49]), groups: 1 };
}

function ridersOf(random: Philox) {
  const maybe = () => random.nextInt(2) === 0;
  const riders = { bias: maybe(), addend: maybe(), over: maybe(), relu: maybe(), sparse: random.nextInt(3) === 0 };
  return { ...riders, samples: pick(random, SAMPLES), groupsPerBlock: pick(random, [1, 1, 2]) };
}

/** The case with a smaller batch where it would take too long. */
function fitting(spec: KernelCase): KernelCase {
  const { channels, filters, groups, image, kernelSize, strides } = spec;
  const products =
    (channels * filters * kernelSize[0] * kernelSize[1] * image[0] * image[1]) / groups / (strides[0] * strides[1]);
  const samples = SAMPLES.filter((size) => size <= Math.max(spec.samples, 1) && size * products <= MOST_PRODUCTS).at(
    -1,
  );
  return { ...spec, samples: samples ?? 1 };
}
