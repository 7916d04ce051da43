import { layers, type Padding } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import type { PoolingShape } from './reference/max-pooling.js';
import { axesOf, positions } from './reference/sliding.js';
import { pick } from './values.js';

export interface PoolCase {
  readonly name: string;
  readonly channels: number;
  readonly image: readonly [number, number];
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly samples: number;
}

const POOL_SIZES: readonly (readonly [number, number])[] = [
  [2, 2],
  [3, 3],
  [1, 1],
  [2, 3],
  [4, 2],
  [1, 5],
  [5, 4],
];
const PADDINGS: readonly Padding[] = ['valid', 'same', 1, [0, 1, 0, 1], [1, 0, 0, 1], [0, 1, 1, 0]];
const SAMPLES = [1, 5, 16, 17, 33, 40];

/** Windows side by side, overlapping and apart, that divide the image and that do not, with every kind of padding. */
export function poolCases(count: number, seed: number): PoolCase[] {
  const random = new Philox(seed);
  const cases: PoolCase[] = [];
  for (let i = 0; cases.length < count; i++) {
    const poolSize = POOL_SIZES[i % POOL_SIZES.length] as readonly [number, number];
    const padding = PADDINGS[i % PADDINGS.length] as Padding;
    const image = [poolSize[0] + random.nextInt(6), poolSize[1] + random.nextInt(6)] as const;
    const strides = i % 3 === 0 ? poolSize : ([1 + random.nextInt(4), 1 + random.nextInt(4)] as const);
    const channels = 1 + random.nextInt(4);
    const samples = pick(random, SAMPLES);
    const axes = axesOf(image, poolSize, strides, padding);
    // A window wholly in the padding has no largest element; layers reject such padding.
    if (axes.some(({ before, after, size }) => before >= size || after >= size)) continue;
    if (axes.some((axis) => positions(axis) === 0)) continue;
    const name =
      `${channels} channels, pool ${poolSize.join('x')}, strides ${strides.join('x')}, padding ` +
      `${JSON.stringify(padding)}, image ${image.join('x')}, ${samples} samples`;
    cases.push({ name, channels, image, poolSize, strides, padding, samples });
  }
  return cases;
}

export function poolLayer({ poolSize, strides, padding }: PoolCase) {
  return layers.maxPooling2d({ poolSize, strides, padding });
}

export function poolingShapeOf({ channels, image, poolSize, strides, padding, samples }: PoolCase): PoolingShape {
  const [rows, columns] = axesOf(image, poolSize, strides, padding);
  return { planes: samples * channels, rows, columns };
}
