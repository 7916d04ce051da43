import test, { type ExecutionContext } from 'ava';
import { datasets, layers, losses, type Model, type NonFinite, optimizers, sequential, TrainingError } from 'cnnative';
import { testEachIsa } from '../helpers/isas.js';
import { pictures, resumableModel } from '../helpers/resumable.js';
import { blobs, smallModel } from '../helpers/small.js';
import { fingerprint } from '../helpers/trained.js';

const set = blobs(64);
const plain = { batchSize: 16, shuffle: false, epochs: 2 };

/** Trains in vain; what the error says of it. */
async function failure(t: ExecutionContext, run: Promise<unknown>): Promise<NonFinite | undefined> {
  const error = await t.throwsAsync(run, { instanceOf: TrainingError });
  t.regex(error?.message ?? '', /^model\.fit: expected finite numbers in step \d+, in epoch \d+, received \S+ /);
  return (error as TrainingError | undefined)?.nonFinite;
}

for (const value of [Number.NaN, Number.POSITIVE_INFINITY]) {
  test(`${value} among the samples is found in the step that reads it`, async (t) => {
    const images = Float32Array.from(set.images);
    images[2 * 37] = value; // of the third step
    const model = smallModel();
    const found = await failure(t, model.fit({ ...set, images }, plain));
    t.deepEqual(found, { step: 3, epoch: 1, place: 'input', layer: 'input', value });
    // As if the two steps before had been all.
    const two = smallModel();
    await two.fit({ ...set, images }, { ...plain, epochs: 1, stepsPerEpoch: 2 });
    t.is(await fingerprint(model), await fingerprint(two));
    t.true(Number.isFinite((await model.fit(set, plain)).history.loss[0]));
  });
}

test('weights that are not finite are told from what follows from them', async (t) => {
  const model = smallModel();
  const bias = new Float32Array(3);
  bias[1] = Number.NaN;
  await model.setWeights({ 'dense_1/bias': bias });
  t.deepEqual(await failure(t, model.fit(set, plain)), {
    ...{ step: 1, epoch: 1, place: 'weights', layer: 'dense_1', value: Number.NaN },
  });
});

test('the first layer whose numbers are too large for float32 is named', async (t) => {
  const model = sequential({ inputShape: [2] }, [
    layers.dense({ units: 4, name: 'small' }),
    layers.dense({ units: 4, kernelInitializer: 'ones', name: 'large' }),
    layers.activation({ activation: 'relu', name: 'after' }),
    layers.dense({ units: 3, name: 'last' }),
  ]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  await model.setWeights({
    'small/kernel': new Float32Array(8).fill(1e20),
    'large/kernel': new Float32Array(16).fill(1e20),
  });
  const found = await failure(t, model.fit(set, plain));
  t.is(found?.place, 'activations');
  t.is(found?.layer, 'large');
  t.is(found?.step, 1);
});

/** A loss of finite size whose gradient on the way back is too large for float32. */
function steep(): Model {
  const model = sequential({ inputShape: [1] }, [
    layers.dense({ units: 1, useBias: false, name: 'first' }),
    layers.dense({ units: 1, useBias: false, name: 'second' }),
    layers.dense({ units: 1, useBias: false, name: 'third' }),
  ]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'meanAbsoluteError' });
  return model;
}

test('gradients that are not finite are found though the loss is', async (t) => {
  const model = steep();
  const weights = { 'first/kernel': 1e-37, 'second/kernel': 1e30, 'third/kernel': 1e30 };
  for (const [name, value] of Object.entries(weights)) await model.setWeights({ [name]: Float32Array.of(value) });
  const before = await fingerprint(model);
  const data = datasets.fromArrays({
    images: new Float32Array(16).fill(1),
    shape: [1],
    targets: new Float32Array(16),
    targetShape: [1],
  });
  const found = await failure(t, model.fit(data, plain));
  t.deepEqual(found, { step: 1, epoch: 1, place: 'gradients', layer: 'first', value: Number.POSITIVE_INFINITY });
  t.is(await fingerprint(model), before);
});

test('a rate that is too high is found whatever the number of threads, with random layers and batch statistics', async (t) => {
  const data = pictures(60);
  const states = new Set<string>();
  const founds: (NonFinite | undefined)[] = [];
  for (const threads of [1, 2, 3]) {
    const model = resumableModel(optimizers.sgd({ learningRate: 1e25 }));
    founds.push(await failure(t, model.fit(data, { batchSize: 16, epochs: 50, threads })));
    const weights = Object.values(await model.getWeights());
    t.true(weights.every((weight) => weight.data.every(Number.isFinite)));
    states.add(await fingerprint(model));
  }
  t.is(states.size, 1);
  t.deepEqual(founds[1], founds[0]);
  t.deepEqual(founds[2], founds[0]);
});

test('terminateOnNaN: false goes on', async (t) => {
  const images = Float32Array.from(set.images);
  images[2 * 37] = Number.NaN;
  const { history } = await smallModel().fit({ ...set, images }, { ...plain, terminateOnNaN: false });
  t.deepEqual(history.loss, [Number.NaN, Number.NaN]);
});

testEachIsa('an infinite probability is found, for its logarithm is infinite too', async (t, isa) => {
  const model = sequential({ inputShape: [2] }, [
    layers.dense({ name: 'dense', units: 3, activation: 'relu', useBias: false }),
  ]);
  model.compile({ optimizer: optimizers.sgd(), loss: losses.categoricalCrossentropy({ fromLogits: false }) });
  await model.setWeights({ 'dense/kernel': Float32Array.of(0.1, 0.2, 0.3, 0.1, 3e38, 3e38) });
  const images = new Float32Array(32).fill(1);
  const targets = Float32Array.from({ length: 48 }, (_, i) => (i % 3 === 2 ? 1 : 0));
  const ones = datasets.fromArrays({ images, shape: [2], targets, targetShape: [3] });
  const found = await failure(t, model.fit(ones, { batchSize: 16, isa }));
  t.is(found?.value, Number.POSITIVE_INFINITY);
});

testEachIsa(
  'a logit infinitely far below the others is a class that cannot be, not a loss that is no number',
  async (t, isa) => {
    const model = sequential({ inputShape: [2] }, [layers.dense({ name: 'dense', units: 3, useBias: false })]);
    model.compile({ optimizer: optimizers.sgd(), loss: 'categoricalCrossentropy' });
    await model.setWeights({ 'dense/kernel': Float32Array.of(-3e38, -3e38, 0, 0, 1, 0) });
    const images = Float32Array.of(1, 1);
    const one = datasets.fromArrays({ images, shape: [2], targets: Float32Array.of(0, 0, 1), targetShape: [3] });
    t.true(Math.abs((await model.evaluate(one, { isa })).loss - Math.log1p(Math.exp(-1))) < 1e-6);
  },
);
