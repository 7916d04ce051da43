import { type Conv2DTransposeOptions, type ConvolutionPadding, layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import type { TransposedAxis, TransposedShape } from './reference/transposed-convolution.js';
import { pick } from './values.js';

/** One transposed convolution. */
export interface TransposedCase {
  readonly name: string;
  readonly channels: number;
  readonly image: readonly [number, number];
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: ConvolutionPadding;
  readonly outputPadding: readonly [number, number];
  readonly groups: number;
  readonly useBias: boolean;
  readonly samples: number;
}

const KERNEL_SIZES = [1, 2, 3, 4, 5, 7];
const PADDINGS: readonly ConvolutionPadding[] = ['valid', 'same', 1, 'full', [0, 1, 2, 0], 2];
const SAMPLES = [1, 5, 16, 18, 33];
// From 16 channels on 3x3 kernels take Winograd's algorithm.
const CHANNELS = [1, 2, 3, 5, 7, 8, 13, 16, 18];

/** Transposed convolutions of every kernel size and padding, all else drawn. */
export function transposedCases(count: number, seed: number, mostProducts: number): TransposedCase[] {
  const random = new Philox(seed);
  const cases: TransposedCase[] = [];
  for (let i = 0; cases.length < count; i++) {
    const size = KERNEL_SIZES[i % KERNEL_SIZES.length] as number;
    const padding = PADDINGS[Math.floor(i / KERNEL_SIZES.length) % PADDINGS.length] as ConvolutionPadding;
    const groups = i % 4 === 3 ? 1 + random.nextInt(3) : 1;
    const plain = random.nextInt(3) === 0;
    const steps = () => (plain ? ([1, 1] as const) : ([1 + random.nextInt(3), 1 + random.nextInt(3)] as const));
    const [strides, dilation] = [steps(), steps()];
    const added = (axis: 0 | 1) => (padding === 'same' ? 0 : random.nextInt(Math.max(strides[axis], dilation[axis])));
    const spec = {
      channels: pick(random, CHANNELS) * groups,
      filters: pick(random, CHANNELS) * groups,
      image: [1 + random.nextInt(7), 1 + random.nextInt(7)] as const,
      kernelSize: [size, random.nextInt(4) === 0 ? pick(random, KERNEL_SIZES) : size] as const,
      ...{ strides, dilation, padding, outputPadding: [added(0), added(1)] as const, groups },
      useBias: i % 5 !== 4,
    };
    const products = productsOf(spec);
    const { rows, columns } = transposedShape({ ...spec, samples: 1, name: '' });
    if (!meets(rows) || !meets(columns) || products > mostProducts) continue;
    const samples = pick(
      random,
      SAMPLES.filter((some) => some * products <= mostProducts),
    );
    cases.push({ name: `${JSON.stringify(spec)}, ${samples} samples`, ...spec, samples });
  }
  return cases;
}

export function transposedLayer(spec: TransposedCase, more: Pick<Conv2DTransposeOptions, 'activation'> = {}) {
  const { filters, kernelSize, strides, dilation, padding, outputPadding, groups, useBias } = spec;
  const options = { filters, kernelSize, strides, dilation, padding, outputPadding, groups, useBias };
  return layers.conv2dTranspose({ ...options, ...more });
}

/** The same for the definition. */
export function transposedShape({ samples, channels, filters, groups, ...spec }: TransposedCase): TransposedShape {
  return { samples, channels, filters, groups, rows: axisOf(spec, 0), columns: axisOf(spec, 1) };
}

function axisOf(
  spec: Pick<TransposedCase, 'image' | 'kernelSize' | 'strides' | 'dilation' | 'padding' | 'outputPadding'>,
  axis: 0 | 1,
): TransposedAxis {
  const [input, size, stride] = [spec.image[axis], spec.kernelSize[axis], spec.strides[axis]];
  const dilation = spec.dilation[axis];
  const whole = (input - 1) * stride + dilation * (size - 1) + 1;
  const [before, after] = sides(spec.padding, axis, whole, input * stride, dilation * (size - 1));
  return { input, output: whole - before - after + spec.outputPadding[axis], size, stride, dilation, before };
}

// 'same' cuts so much that `wanted` are left, the odd one at the end; what is missing is added there.
function sides(
  padding: ConvolutionPadding,
  axis: 0 | 1,
  whole: number,
  wanted: number,
  full: number,
): [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'full') return [full, full];
  if (padding === 'same') {
    const before = Math.floor(Math.max(0, whole - wanted) / 2);
    return [before, whole - wanted - before];
  }
  if (typeof padding === 'number') return [padding, padding];
  return axis === 0 ? [padding[0], padding[1]] : [padding[2], padding[3]];
}

/** Whether there is an output, and some tap of some pixel reaches it. */
function meets({ input, output, size, stride, dilation, before }: TransposedAxis): boolean {
  for (let i = 0; i < input; i++) {
    for (let tap = 0; tap < size; tap++) {
      const at = i * stride + tap * dilation - before;
      if (at >= 0 && at < output) return true;
    }
  }
  return false;
}

function productsOf({
  channels,
  filters,
  groups,
  image,
  kernelSize,
}: Pick<TransposedCase, 'channels' | 'filters' | 'groups' | 'image' | 'kernelSize'>): number {
  return (channels * filters * image[0] * image[1] * kernelSize[0] * kernelSize[1]) / groups;
}
