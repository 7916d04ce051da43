import test from 'ava';
import { type AugmentationConfig, augmentations, type Dataset, datasets } from 'cnnative';
import { inOrder } from '#lib/util/permutation.js';
import { augmented } from '../helpers/augmented.js';
import { at } from '../helpers/values.js';

const SAMPLES = 6000;

/** Samples of `[1, 1, 3]` that tell whether they were flipped. */
const arrows = () => Uint8Array.from({ length: SAMPLES * 3 }, (_, i) => i % 3);
const flips = async (augment: readonly AugmentationConfig[], epoch: number) =>
  (await augmented(arrows(), [1, 1, 3], augment, { seed: 4, epoch }))
    .filter((_, i) => i % 3 === 0)
    .map((value) => value / 2);
const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** Whether a count of successes is within 4 deviations of what a binomial distribution says. */
const isLikely = (count: number, trials: number, probability: number) =>
  Math.abs(count - trials * probability) < 4 * Math.sqrt(trials * probability * (1 - probability));

test('flips are as frequent as they shall be, and others in each epoch', async (t) => {
  for (const probability of [0.5, 0.1, 0, 1]) {
    const augment = [{ type: 'horizontalFlip', probability }] as const;
    const [first, second] = [await flips(augment, 0), await flips(augment, 1)];
    const count = sum(first);
    t.true(probability % 1 === 0 ? count === probability * SAMPLES : isLikely(count, SAMPLES, probability), `${count}`);
    // Independent of each other: both flipped as often as the product says.
    const both = sum(first.map((flip, i) => flip * at(second, i)));
    if (probability % 1 !== 0) t.true(isLikely(both, SAMPLES, probability ** 2), `${both}`);
  }
});

test('alternating flips show each sample both ways in any two epochs', async (t) => {
  const augment = [{ type: 'horizontalFlip', mode: 'alternating' }] as const;
  const first = await flips(augment, 0);
  t.true(isLikely(sum(first), SAMPLES, 0.5));
  for (let epoch = 1; epoch < 4; epoch++) {
    const next = await flips(augment, epoch);
    t.true(next.every((flip, i) => flip === (epoch % 2 === 0 ? at(first, i) : 1 - at(first, i))));
  }
});

test('every place of a crop is equally likely, whatever the flip', async (t) => {
  const [padding, side] = [2, 5];
  const pixels = side * side;
  const images = Uint8Array.from({ length: SAMPLES * pixels }, (_, i) => (i % pixels) + 1);
  const augment = [{ type: 'randomCrop', padding, mode: 'zero' }, { type: 'horizontalFlip' }] as const;
  const cropped = await augmented(images, [1, side, side], augment, { seed: 2 });
  const counts = new Map<string, number>();
  for (let n = 0; n < SAMPLES; n++) {
    const middle = at(cropped, n * pixels + 12);
    const flipped = at(cropped, n * pixels + 11) === middle + 1 || at(cropped, n * pixels + 13) === middle - 1;
    counts.set(`${middle} ${flipped}`, (counts.get(`${middle} ${flipped}`) ?? 0) + 1);
  }
  t.is(counts.size, 50);
  const expected = SAMPLES / 50;
  // Pearson's test: 49 degrees of freedom have a mean of 49 and a deviation of 9.9.
  const chi = [...counts.values()].reduce((total, count) => total + (count - expected) ** 2 / expected, 0);
  t.true(chi < 49 + 4 * 9.9 && chi > 49 - 4 * 9.9, `${chi}`);
});

test('shares of mixtures follow the beta distribution, and partners come from the whole set', async (t) => {
  // The pixel of each sample is its number: a mixture of two tells share and partner together with the targets.
  const set: Dataset = datasets.fromArrays({
    ...{
      images: Float32Array.from({ length: SAMPLES }, (_, i) => i),
      labels: Int32Array.from({ length: SAMPLES }, (_, i) => i % 2),
    },
    ...{ shape: [1, 1, 1], classes: 2 },
  });
  for (const alpha of [1, 4, 20]) {
    const mixed = await augmentations.preview(set, [augmentations.mixup({ alpha })], {
      seed: 1,
      indices: inOrder(SAMPLES),
    });
    const shares: number[] = [];
    const partners: number[] = [];
    for (let n = 0; n < SAMPLES; n++) {
      const share = at(mixed.targets as Float32Array, 2 * n + at(set.labels, n));
      // Partners of the own class leave the target at 1, and tell nothing.
      if (share > 1 - 1e-3) continue;
      shares.push(share);
      partners.push((at(mixed.images as Float32Array, n) - share * n) / (1 - share));
    }
    const mean = sum(shares) / shares.length;
    const variance = sum(shares.map((share) => (share - mean) ** 2)) / shares.length;
    const expected = 1 / (4 * (2 * alpha + 1));
    t.true(Math.abs(mean - 0.5) < 4 * Math.sqrt(expected / shares.length), `mean ${mean} for ${alpha}`);
    t.true(Math.abs(variance / expected - 1) < 0.1, `variance ${variance} for ${alpha}, expected ${expected}`);
    const average = sum(partners) / partners.length;
    t.true(Math.abs(average / (SAMPLES / 2) - 1) < 4 / Math.sqrt(3 * partners.length) + 0.01, `${average}`);
  }
});

test('small alphas leave most samples as they are', async (t) => {
  const images = Float32Array.from({ length: 2 * SAMPLES }, (_, i) => (i < SAMPLES ? 0 : 1));
  for (const alpha of [0.1, 0.2]) {
    const mixed = await augmented(images, [1, 1, 1], [{ type: 'mixup', alpha }], { seed: 1, threads: 1 });
    // Where partners differ, the pixel is the share or its complement: of the same distribution.
    const shares = Array.from(mixed).filter((value) => value > 1e-6 && value < 1 - 1e-6);
    const between = sum(shares.map((share) => (share - 0.5) ** 2));
    const others = mixed.length - shares.length;
    t.true(others > mixed.length / 2);
    // All shares of partners that differ, those near 0 and 1 at their distance of one half: half of the samples.
    const rest = mixed.length / 2 - shares.length;
    const variance = (between + rest / 4) / (mixed.length / 2);
    t.true(Math.abs(variance * 4 * (2 * alpha + 1) - 1) < 0.05, `${variance}`);
  }
});

test('what is drawn depends on seed, epoch and sample, not on threads, batches or places', async (t) => {
  const [samples, features] = [50, 3 * 6 * 6];
  const images = Uint8Array.from({ length: samples * features }, (_, i) => (i * 37) % 251);
  const augment: AugmentationConfig[] = [
    { type: 'randomCrop', padding: 2, mode: 'reflect' },
    { type: 'horizontalFlip' },
    { type: 'rotation', degrees: 20 },
    { type: 'brightness', factor: [0.8, 1.2] },
    { type: 'randomErasing', size: [1, 4] },
    { type: 'cutmix' },
  ];
  const shape = [3, 6, 6];
  const whole = await augmented(images, shape, augment, { seed: 1, epoch: 2, threads: 1 });
  for (const [batchSize, threads] of [
    [1, 2],
    [7, 1],
    [16, 2],
    [33, 2],
    [50, 3],
  ] as const) {
    t.deepEqual(await augmented(images, shape, augment, { seed: 1, epoch: 2, threads, batchSize }), whole);
  }
  const order = inOrder(samples).reverse();
  const reversed = await augmented(images, shape, augment, { seed: 1, epoch: 2, order });
  t.true(
    reversed.every((value, i) => {
      return value === at(whole, (samples - 1 - Math.floor(i / features)) * features + (i % features));
    }),
  );
  // A sample is known by its key, wherever its pixels lie.
  const moves = augment.slice(0, 5);
  const keys = Int32Array.from({ length: samples }, (_, i) => i);
  const shifted = new Uint8Array(images.length + features);
  shifted.set(images, features);
  const placed = await augmented(shifted, shape, moves, {
    seed: 1,
    epoch: 2,
    order: inOrder(samples).map((i) => i + 1),
    keys,
  });
  t.deepEqual(placed, await augmented(images, shape, moves, { seed: 1, epoch: 2 }));
  t.notDeepEqual(await augmented(images, shape, augment, { seed: 1, epoch: 3 }), whole);
  t.notDeepEqual(await augmented(images, shape, augment, { seed: 2, epoch: 2 }), whole);
});
