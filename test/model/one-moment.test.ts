import test from 'ava';
import { type Dataset, datasets, layers, optimizers, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { noise, smallModel } from '../helpers/small.js';
import { randomValues } from '../helpers/values.js';

/** Layers that read their weights at every step, beside some whose weights are packed once a run. */
function model() {
  const network = sequential({ inputShape: [1, 12, 12], seed: 1 }, [
    layers.conv2d({ filters: 16, kernelSize: 3 }),
    layers.prelu(),
    layers.layerNormalization(),
    layers.conv2d({ filters: 16, kernelSize: 3 }),
    layers.flatten(),
    layers.dense({ units: 3 }),
  ]);
  network.compile({ optimizer: optimizers.sgd({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });
  return network;
}

const SAMPLES = 20_000;
const samples = randomValues(new Philox(5), SAMPLES * 144);

test('weights set during a prediction are no part of it', async (t) => {
  const network = model();
  const before = (await network.predict(samples)).data;
  const weights = await network.getWeights();
  const predicted = network.predict(samples);
  // Some slices of its time later.
  await network.predict(samples.subarray(0, 144));
  await network.setWeights(
    Object.fromEntries(Object.entries(weights).map(([name, { data }]) => [name, data.map((value) => 2 * value)])),
  );
  t.deepEqual((await predicted).data, before);
  t.notDeepEqual((await network.predict(samples)).data, before);
});

test('a training that begins during an evaluation is no part of it', async (t) => {
  const network = model();
  const set = noise(4000, [1, 12, 12], 3);
  const before = await network.evaluate(set);
  const evaluated = network.evaluate(set);
  await network.fit(set, { callbacks: [{ onStep: () => undefined }], stepsPerEpoch: 40 });
  t.deepEqual(await evaluated, before);
  t.notDeepEqual(await network.evaluate(set), before);
});

/** Points with labels, in arrays that can be written over. */
function writable(): { set: Dataset; images: Float32Array; labels: Int32Array } {
  const images = randomValues(new Philox(6), 400);
  const labels = Int32Array.from({ length: 200 }, (_, i) => i % 3);
  return { set: datasets.fromArrays({ images, labels, shape: [2], classes: 3 }), images, labels };
}

test('what is written into arrays after the call of fit changes nothing that is trained on', async (t) => {
  const expected = await smallModel().fit(writable().set, { epochs: 2, validationData: writable().set });
  const [training, validation] = [writable(), writable()];
  const fitted = smallModel().fit(training.set, { epochs: 2, validationData: validation.set });
  for (const { images, labels } of [training, validation]) {
    images.fill(9);
    labels.fill(0);
  }
  t.deepEqual((await fitted).history, expected.history);
});

test('what is written into arrays of a part before its first use counts as in any other set', async (t) => {
  const part = () => {
    const { set } = writable();
    return { set, part: datasets.subset(set, { first: 200 }) };
  };
  const network = smallModel();
  const expected = async (change: (set: Dataset) => void) => {
    const { set } = writable();
    change(set);
    return network.evaluate(set);
  };
  for (const change of [
    (set: Dataset) => set.labels.fill(0),
    (set: Dataset) => set.labels.fill(1, 50, 90),
    (set: Dataset) => (set.images as Float32Array).fill(0.5),
  ]) {
    const own = part().part;
    change(own);
    t.deepEqual(await network.evaluate(own), await expected(change));
    change(own);
    const inner = part().part;
    change(inner);
    t.deepEqual(await network.evaluate(datasets.subset(inner, { first: 200 })), await expected(change));
  }
  // Labels of a part are copied when it is made, pixels when they are read.
  const { set, part: early } = part();
  set.labels.fill(0);
  t.deepEqual(await network.evaluate(early), await expected(() => undefined));
  set.labels.fill(2);
  t.deepEqual(
    await network.evaluate(datasets.subset(set, { first: 200 })),
    await expected((all) => all.labels.fill(2)),
  );
});

test('loss and metrics of an evaluation see the same labels and the same loss', async (t) => {
  const options = { metrics: ['accuracy', 'confusionMatrix'] as const };
  const network = smallModel();
  const { set, labels } = writable();
  const expected = await network.evaluate(set, options);
  labels.fill(0);
  t.deepEqual(await network.evaluate(set, options), expected);
  const under = network.evaluate(set, options);
  network.compile({ optimizer: optimizers.sgd(), loss: 'meanSquaredError' });
  t.deepEqual(await under, expected);
});
