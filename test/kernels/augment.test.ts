import type { AugmentationConfig } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { augmented } from '../helpers/augmented.js';
import { testEachKernel } from '../helpers/isas.js';
import { type AugmentCase, augmentedSample } from '../helpers/reference/augment.js';
import { at } from '../helpers/values.js';

const SHAPES = [
  [1, 12, 20],
  [3, 9, 7],
  [3, 16, 16],
  [2, 5, 17],
  [10, 4, 3],
] as const;
const SAMPLES = 19;
const BORDERS = [
  { mode: 'zero' },
  { mode: 'edge' },
  { mode: 'reflect' },
  { mode: 'constant', value: 77 },
  { mode: 'mean' },
] as const;

const known = new Map<string, Float64Array>();

/** All samples of a case by its definition, in raw pixels; one truth for all kernels. */
function expectedOf(test: AugmentCase, seed: number, epoch: number): Float64Array {
  const { images, ...rest } = test;
  const name = JSON.stringify([seed, epoch, rest, images[0], images[1], images[2]]);
  const found = known.get(name);
  if (found) return found;
  const features = test.shape[0] * test.shape[1] * test.shape[2];
  const all = new Float64Array(SAMPLES * features);
  for (let key = 0; key < SAMPLES; key++) all.set(augmentedSample(test, { seed, epoch, key }), key * features);
  known.set(name, all);
  return all;
}

function bytesOf(random: Philox, shape: readonly number[]): Uint8Array {
  return Uint8Array.from({ length: SAMPLES * shape.reduce((a, b) => a * b, 1) }, () => random.nextInt(256));
}

testEachKernel('samples that are only moved keep every pixel', async (t, kernels) => {
  const random = new Philox(60);
  for (const shape of SHAPES) {
    const images = bytesOf(random, shape);
    for (const border of BORDERS) {
      const augment: AugmentationConfig[] = [
        { type: 'randomCrop', padding: [3, 2], ...border },
        { type: 'horizontalFlip', probability: 0.5 },
        { type: 'verticalFlip', probability: 0.25 },
        { type: 'cutout', size: [1, 3], ...(border.mode === 'edge' || border.mode === 'reflect' ? {} : border) },
        { type: 'randomErasing', size: [1, 3], probability: 0.5 },
      ];
      const ones = new Array<number>(shape[0]).fill(1);
      // A mean of 40 raw pixels: their normalised value is 0.
      const transform = { channels: shape[0], scale: ones, shift: ones.map(() => -40) };
      const expected = expectedOf({ images, shape, augment, bytes: true, mean: 40 }, 9, 3);
      const options = { seed: 9, epoch: 3, batchSize: 21, ...kernels };
      const actual = await augmented(images, shape, augment, { ...options, transform });
      t.deepEqual(
        [...actual],
        [...expected].map((value) => value - 40),
        `${shape} ${border.mode}`,
      );
      const floats = { images, shape, augment, bytes: false };
      const ofFloats = await augmented(Float32Array.from(images), shape, augment, options);
      t.deepEqual([...ofFloats], [...expectedOf(floats, 9, 3)], `${shape} ${border.mode} floats`);
    }
  }
});

testEachKernel('turned, moved and enlarged images are interpolated once', async (t, kernels, rounding) => {
  const random = new Philox(61);
  for (const shape of SHAPES) {
    const images = bytesOf(random, shape);
    for (const border of BORDERS.slice(0, 4)) {
      const augment: AugmentationConfig[] = [
        { type: 'rotation', degrees: 40, ...border },
        { type: 'shift', pixels: [2.5, 1.25], ...border },
        { type: 'scale', factor: [0.5, 1.5], probability: 0.5, ...border },
        // Of another border: a resampling of its own.
        { type: 'shift', fraction: 0.25, mode: border.mode === 'edge' ? 'zero' : 'edge' },
      ];
      for (const set of [images, Float32Array.from(images)]) {
        const expected = expectedOf({ images, shape, augment, bytes: set === images }, 5, 7);
        const actual = await augmented(set, shape, augment, { seed: 5, epoch: 7, ...kernels });
        // Weights come from positions, counted in double; then a few roundings of pixels of at most 255.
        const most = 255 * 16 * rounding + 255 * 1e-12;
        actual.forEach((value, i) => {
          if (Math.abs(value - at(expected, i)) > most)
            t.fail(`${shape} ${border.mode} ${i}: ${value}, ${at(expected, i)}`);
        });
        t.is(actual.length, expected.length);
      }
    }
  }
});

testEachKernel('samples that are only turned, moved and enlarged go side by side', async (t, kernels, rounding) => {
  const random = new Philox(65);
  for (const shape of [...SHAPES, [1, 3, 130]] as const) {
    const images = bytesOf(random, shape);
    const channels = shape[0];
    const transform = {
      channels,
      scale: Array.from({ length: channels }, (_, c) => 0.5 + c),
      shift: Array.from({ length: channels }, (_, c) => c - 40),
    };
    for (const border of BORDERS.slice(0, 4)) {
      const augment: AugmentationConfig[] = [
        { type: 'shift', pixels: [2.5, 1.25], ...border },
        { type: 'rotation', degrees: 40, probability: 0.75, ...border },
        { type: 'scale', factor: [0.5, 1.5], probability: 0.5, ...border },
      ];
      const expected = expectedOf({ images, shape, augment, bytes: true }, 3, 2);
      const actual = await augmented(images, shape, augment, {
        seed: 3,
        epoch: 2,
        batchSize: 21,
        transform,
        ...kernels,
      });
      t.is(actual.length, expected.length);
      const pixels = shape[1] * shape[2];
      actual.forEach((value, i) => {
        const c = Math.floor(i / pixels) % channels;
        const wanted = at(expected, i) * at(transform.scale, c) + at(transform.shift, c);
        // Places are numbers of the kernel's precision, counted from the first pixel.
        const most = 255 * at(transform.scale, c) * 8 * (shape[1] + shape[2]) * (rounding + 1e-15);
        if (Math.abs(value - wanted) > most) t.fail(`${shape} ${border.mode} ${i}: ${value}, ${wanted}`);
      });
    }
  }
});

testEachKernel('samples of many channels are turned side by side by the same places', async (t, kernels, rounding) => {
  // The planes of a group have more pixels than single precision counts.
  const shape = [66, 128, 128] as const;
  const features = shape[0] * shape[1] * shape[2];
  const images = new Uint8Array(16 * features).map((_, i) => Math.imul(i, 2654435761) >>> 24);
  const augment: AugmentationConfig[] = [{ type: 'rotation', degrees: 15 }];
  // Of the last lane.
  const test = { images, shape, augment, bytes: true };
  const key = 15;
  const expected = augmentedSample(test, { seed: 3, epoch: 2, key });
  const actual = await augmented(images, shape, augment, { seed: 3, epoch: 2, ...kernels });
  const own = actual.subarray(key * features, (key + 1) * features);
  const most = 255 * 8 * (shape[1] + shape[2]) * (rounding + 1e-15);
  t.is(
    own.findIndex((value, i) => !(Math.abs(value - at(expected, i)) <= most)),
    -1,
  );
});

testEachKernel(
  'colours change by their definitions, and bytes stay within their range',
  async (t, kernels, rounding) => {
    const random = new Philox(62);
    for (const shape of SHAPES) {
      const images = bytesOf(random, shape);
      const grey: AugmentationConfig[] = [
        { type: 'brightness', factor: [0.5, 2] },
        { type: 'contrast', factor: [0.5, 2], probability: 0.75 },
      ];
      const augment = shape[0] === 3 ? [...grey, { type: 'saturation', factor: [0, 2] } as const] : grey;
      for (const set of [images, Float32Array.from(images, (value) => value / 128 - 1)]) {
        const expected = expectedOf({ images: set, shape, augment, bytes: set === images }, 6, 1);
        const actual = await augmented(set, shape, augment, { seed: 6, epoch: 1, ...kernels });
        const most = (set === images ? 255 : 4) * 32 * rounding;
        t.true(
          actual.every((value, i) => Math.abs(value - at(expected, i)) <= most),
          `${shape}`,
        );
      }
    }
  },
);

testEachKernel('mixed samples are what their partners make of them', async (t, kernels, rounding) => {
  const random = new Philox(63);
  for (const type of ['mixup', 'cutmix'] as const) {
    for (const shape of SHAPES) {
      const images = bytesOf(random, shape);
      const augment: AugmentationConfig[] = [
        { type: 'horizontalFlip', probability: 0.5 },
        { type, alpha: type === 'mixup' ? 0.4 : 1, probability: 0.75 },
        { type: 'randomCrop', padding: 2, mode: 'edge' },
      ];
      for (const set of [images, Float32Array.from(images)]) {
        const expected = expectedOf({ images, shape, augment, bytes: set === images }, 8, 2);
        const actual = await augmented(set, shape, augment, { seed: 8, epoch: 2, ...kernels });
        const most = type === 'cutmix' ? 0 : 255 * 8 * (rounding + 1e-12);
        t.true(
          actual.every((value, i) => Math.abs(value - at(expected, i)) <= most),
          `${type} ${shape}`,
        );
      }
    }
  }
});

testEachKernel('an augmentation that changes nothing leaves every bit', async (t, kernels) => {
  const random = new Philox(64);
  for (const shape of SHAPES) {
    const images = bytesOf(random, shape);
    const scale = Array.from({ length: shape[0] }, () => 1 / 255 / (0.2 + random.nextDouble()));
    const shift = Array.from({ length: shape[0] }, () => -3 * random.nextDouble());
    const transform = { channels: shape[0], scale, shift };
    const [plain, ...others] = await Promise.all(
      [
        [],
        [{ type: 'randomCrop', padding: 0 } as const],
        [{ type: 'brightness', factor: [1, 1] } as const],
        [{ type: 'rotation', degrees: 0 } as const],
      ].map((augment) => augmented(images, shape, augment, { transform, ...kernels })),
    );
    for (const other of others) t.deepEqual(other, plain);
  }
});
