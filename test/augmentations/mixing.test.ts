import test from 'ava';
import {
  augmentations,
  type Dataset,
  datasets,
  InvalidArgumentError,
  layers,
  type Model,
  optimizers,
  sequential,
} from 'cnnative';
import { type AugmentCase, augmentedSample, partnerOf } from '../helpers/reference/augment.js';
import { noise } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';
import { at } from '../helpers/values.js';

const SHAPE = [2, 5, 6] as const;
const CLASSES = 4;
const SEED = 11;
const SAMPLES = 40;
const BATCH = 12;

function modelOf(loss: Parameters<Model['compile']>[0]['loss'], learningRate: number): Model {
  const model = sequential({ inputShape: [...SHAPE], seed: SEED }, [
    layers.conv2d({ filters: 3, kernelSize: 3, activation: 'tanh' }),
    layers.flatten(),
    layers.dense({ units: CLASSES, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate, momentum: 0.9 }), loss, metrics: ['accuracy'] });
  return model;
}

/** The mixtures of an epoch by definition: images, targets, and the class with the largest share. */
function mixtures(set: Dataset, augment: AugmentCase['augment'], epoch: number) {
  const definition: AugmentCase = { images: set.images as Float32Array, shape: SHAPE, augment, bytes: false };
  const images: number[] = [];
  const targets = new Float32Array(set.size * CLASSES);
  for (let key = 0; key < set.size; key++) {
    images.push(...augmentedSample(definition, { seed: SEED, epoch, key }));
    const { partner, share } = partnerOf(definition, { seed: SEED, epoch, key }, set.size);
    targets[key * CLASSES + at(set.labels, key)] = at(targets, key * CLASSES + at(set.labels, key)) + share;
    targets[key * CLASSES + at(set.labels, partner)] = at(targets, key * CLASSES + at(set.labels, partner)) + 1 - share;
  }
  return { images: Float32Array.from(images), targets };
}

const largest = (values: ArrayLike<number>) => Array.from(values).indexOf(Math.max(...Array.from(values)));

for (const type of ['mixup', 'cutmix'] as const) {
  const augment = [{ type: 'horizontalFlip', probability: 0.5 } as const, { type, alpha: 0.7, probability: 0.8 }];

  test(`losses and accuracy of ${type} are those of mixed labels`, async (t) => {
    const set = noise(SAMPLES, [...SHAPE], CLASSES);
    const labelled = datasets.oneHot(set);
    for (const loss of ['sparseCategoricalCrossentropy', 'categoricalCrossentropy'] as const) {
      const model = modelOf(loss, 0);
      const data = loss === 'categoricalCrossentropy' ? labelled : set;
      for (let epoch = 0; epoch < 2; epoch++) {
        const { images, targets } = mixtures(set, augment, epoch);
        const outputs = (await model.predict(images)).data;
        const losses: number[] = [];
        let right = 0;
        for (let n = 0; n < SAMPLES; n++) {
          const p = outputs.subarray(n * CLASSES, (n + 1) * CLASSES);
          const q = targets.subarray(n * CLASSES, (n + 1) * CLASSES);
          losses.push(p.reduce((sum, value, k) => sum - at(q, k) * Math.log(value), 0));
          if (largest(p) === largest(q)) right++;
        }
        const history = await model.fit(data, { batchSize: BATCH, augment });
        const mean = losses.reduce((sum, value) => sum + value, 0) / SAMPLES;
        t.true(Math.abs((history.history.loss[0] as number) - mean) < 1e-6, `${loss} ${epoch}`);
        t.true(Math.abs((history.history.accuracy?.[0] as number) - right / SAMPLES) < 1e-9);
      }
    }
  });

  test(`a step on samples of ${type} is a step on the mixtures with soft targets`, async (t) => {
    const set = noise(SAMPLES, [...SHAPE], CLASSES);
    const { images, targets } = mixtures(set, augment, 0);
    const soft = datasets.fromArrays({ images, shape: [...SHAPE], targets, targetShape: [CLASSES] });
    const [mixed, explicit] = [modelOf('sparseCategoricalCrossentropy', 0.5), modelOf('categoricalCrossentropy', 0.5)];
    await mixed.fit(set, { batchSize: BATCH, augment });
    await explicit.fit(soft, { batchSize: BATCH });
    const [own, expected] = [await mixed.getWeights(), await explicit.getWeights()];
    for (const [name, { data }] of Object.entries(own)) {
      const other = expected[name]?.data ?? [];
      t.true(
        data.every((value, i) => Math.abs(value - at(other, i)) < 2e-6),
        name,
      );
    }
  });
}

test('losses that cannot mix, and two ways of mixing, are rejected', async (t) => {
  const set = datasets.oneHot(noise(8, [...SHAPE], CLASSES));
  const augment = [augmentations.mixup()];
  await t.throwsAsync(modelOf('meanSquaredError', 0).fit(set, { augment }), {
    instanceOf: InvalidArgumentError,
    message: /categoricalCrossentropy for mixed samples, received meanSquaredError/,
  });
  await t.throwsAsync(
    modelOf('sparseCategoricalCrossentropy', 0).fit(set, { augment: [...augment, augmentations.cutmix()] }),
    { instanceOf: InvalidArgumentError, message: /one of mixup and cutmix at most/ },
  );
});

test('nothing is mixed with samples that a subset or a weight of 0 leaves out', async (t) => {
  const set = noise(SAMPLES, [1, 4, 4], 2);
  // The label of samples left out is one that no mixture may hold.
  const labels = Int32Array.from(set.labels, (_, i) => (i % 4 === 0 ? 2 : i % 2));
  const all = { ...set, labels, classes: 3 };
  const augment = [augmentations.mixup({ alpha: 1 })];
  const part = datasets.subset(all, { classes: [0, 1] });
  const shown = await augmentations.preview(part, augment, { seed: 3 });
  const third = (targets: Float32Array) => targets.filter((_, i) => i % 3 === 2);
  t.true(third(shown.targets as Float32Array).every((share) => share === 0));
  t.true(third((await augmentations.preview(all, augment, { seed: 3 })).targets as Float32Array).some((s) => s > 0));
  const weights = Float32Array.from(labels, (label) => (label === 2 ? 0 : 1));
  const kept = await augmentations.preview({ ...all, weights }, augment, { seed: 3 });
  t.true(third(kept.targets as Float32Array).every((share, i) => share === 0 || labels[i] === 2));
});

test('mixed weights are the same for any number of threads', async (t) => {
  const set = noise(SAMPLES, [...SHAPE], CLASSES);
  const run = (threads: number) =>
    trained(modelOf('sparseCategoricalCrossentropy', 0.1), set, {
      ...{ batchSize: 17, epochs: 2, threads },
      augment: [augmentations.randomCrop({ padding: 1 }), augmentations.cutmix()],
    });
  t.deepEqual(await run(1), await run(2));
});
