import test from 'ava';
import {
  datasets,
  model as functional,
  InvalidArgumentError,
  input,
  layers,
  losses,
  optimizers,
  sequential,
} from 'cnnative';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { blobs } from '../helpers/small.js';
import { curves, modelFor } from '../helpers/target-models.js';

const oneHot = (labels: Int32Array, classes: number) =>
  Float32Array.from({ length: labels.length * classes }, (_, i) =>
    Number(labels[Math.floor(i / classes)] === i % classes),
  );

const withTargets = (size: number, weights?: Float32Array) => {
  const { images, labels } = blobs(size);
  return datasets.fromArrays({ images, labels, shape: [2], targets: oneHot(labels, 3), ...(weights && { weights }) });
};

testEachIsa('networks learn numbers with every loss of differences', async (t, isa) => {
  for (const name of ['meanSquaredError', 'halfSumOfSquares', 'meanAbsoluteError', 'huber'] as const) {
    const set = curves(200);
    const model = modelFor(name, { learningRate: name === 'halfSumOfSquares' ? 0.02 : 0.05 });
    const before = (await model.evaluate(set, { isa })).loss;
    const { history } = await model.fit(set, { epochs: 60, batchSize: 16, validationData: set, isa });
    const after = (await model.evaluate(set, { isa })).loss;
    t.true(after < before / 4, `${name}: from ${before} to ${after}`);
    t.is(history.valLoss?.at(-1), after);
  }
});

testEachIsa('networks learn classes with every loss of classes', async (t, isa) => {
  const set = withTargets(150);
  for (const name of ['categoricalCrossentropy', 'klDivergence', 'meanSquaredError', 'halfSumOfSquares'] as const) {
    const model = modelFor(name, { units: 3, activation: 'softmax', metrics: ['accuracy'] });
    const { history } = await model.fit(set, { epochs: 25, batchSize: 16, validationData: set, isa });
    t.is(history.valAccuracy?.at(-1), 1, name);
    t.true((history.accuracy?.at(-1) ?? 0) > 0.98, name);
  }
});

testEachIsa('networks learn to part two classes with losses of one output', async (t, isa) => {
  const { images, labels } = blobs(120);
  for (const [name, no, activation] of [
    ['binaryCrossentropy', 0, 'linear'],
    ['binaryCrossentropy', 0, 'sigmoid'],
    ['meanSquaredError', 0, 'sigmoid'],
    ['hinge', -1, 'linear'],
  ] as const) {
    const targets = Float32Array.from(labels, (label) => (label === 1 ? 1 : no));
    const set = datasets.fromArrays({ images, shape: [2], targets, targetShape: [1] });
    const model = modelFor(name, { units: 1, activation, metrics: ['accuracy'] });
    await model.fit(set, { epochs: 40, batchSize: 16, isa });
    t.is((await model.evaluate(set, { isa })).accuracy, 1, `${name} behind ${activation}`);
  }
});

test('targets may have the shape of an image', async (t) => {
  const images = Float32Array.from({ length: 20 * 16 }, (_, i) => Math.sin(i));
  const set = datasets.fromArrays({
    ...{ images, shape: [1, 4, 4] },
    ...{ targets: images.map((x) => 2 * x + 0.5), targetShape: [1, 4, 4] },
  });
  const model = sequential({ inputShape: [1, 4, 4], seed: 1 }, [
    layers.conv2d({ filters: 1, kernelSize: 3, padding: 'same' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.2, momentum: 0.5 }), loss: 'meanSquaredError' });
  await model.fit(set, { epochs: 60, batchSize: 5 });
  t.true((await model.evaluate(set)).loss < 0.01);
});

test('models with several inputs take targets too', async (t) => {
  const [a, b] = [0, 1].map((k) => Float32Array.from({ length: 40 * 2 }, (_, i) => Math.sin(5 * i + k)));
  const images = [a, b] as Float32Array[];
  const targets = Float32Array.from({ length: 40 }, (_, n) => (a?.[2 * n] ?? 0) - 2 * (b?.[2 * n + 1] ?? 0));
  const set = datasets.fromArrays({ images, shape: [[2], [2]], targets, targetShape: [1] });
  const inputs = [input({ shape: [2], name: 'a' }), input({ shape: [2], name: 'b' })];
  const outputs = layers.add().apply(inputs.map((one) => layers.dense({ units: 1 }).apply(one)));
  const model = functional({ inputs, outputs, seed: 1 });
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.1, momentum: 0.5 }), loss: 'meanSquaredError' });
  await model.fit(set, { epochs: 40, batchSize: 8 });
  t.true((await model.evaluate(set)).loss < 1e-4);
});

test('one-hot targets and labels train to the same weights', async (t) => {
  const [labelled, targeted] = [blobs(50), withTargets(50)];
  const sparse = modelFor('sparseCategoricalCrossentropy', { units: 3, activation: 'softmax' });
  const dense = modelFor('categoricalCrossentropy', { units: 3, activation: 'softmax' });
  await Promise.all([sparse.fit(labelled, { epochs: 3 }), dense.fit(targeted, { epochs: 3 })]);
  const [expected, actual] = [await sparse.getWeights(), await dense.getWeights()];
  for (const [name, { data }] of Object.entries(expected)) isClose(t, name, actual[name]?.data ?? [], data, 1e-5);
});

test('a weight of 0 leaves a sample out, and one of 2 counts it twice', async (t) => {
  const weights = Float32Array.from({ length: 30 }, (_, i) => i % 3);
  for (const [name, activation] of [
    ['sparseCategoricalCrossentropy', 'softmax'],
    ['categoricalCrossentropy', 'softmax'],
    ['halfSumOfSquares', 'linear'],
  ] as const) {
    const weighted = withTargets(30, weights);
    const { images, labels } = weighted;
    const picked = Array.from(weights).flatMap((weight, i) => new Array<number>(weight).fill(i));
    const again = datasets.fromArrays({
      images: Float32Array.from(picked.flatMap((i) => [...images.subarray(2 * i, 2 * i + 2)])),
      labels: Int32Array.from(picked, (i) => labels[i] as number),
      ...{ shape: [2], classes: 3 },
      targets: oneHot(
        Int32Array.from(picked, (i) => labels[i] as number),
        3,
      ),
    });
    t.is(again.size, 30);
    const models = [weighted, again].map(async (set) => {
      const model = modelFor(name, { units: 3, activation });
      await model.fit(set, { epochs: 4, batchSize: 30, shuffle: false });
      return { weights: await model.getWeights(), loss: (await model.evaluate(set)).loss };
    });
    const [one, two] = await Promise.all(models);
    isClose(t, name, [one?.loss ?? 0], [two?.loss ?? 1], 1e-5);
    for (const [key, { data }] of Object.entries(two?.weights ?? {})) {
      isClose(t, `${key} of ${name}`, one?.weights[key]?.data ?? [], data, 1e-5);
    }
  }
});

test('the losses of samples are what evaluate sums up', async (t) => {
  const set = curves(37, { weights: Float32Array.from({ length: 37 }, (_, i) => (i % 4) / 2) });
  const { data } = await modelFor('meanSquaredError').predict(set.images as Float32Array);
  const expected = Float64Array.from({ length: 37 }, (_, n) => {
    const squares = [2 * n, 2 * n + 1].map((i) => ((data[i] as number) - (set.targets[i] as number)) ** 2);
    return ((n % 4) / 2) * (((squares[0] as number) + (squares[1] as number)) / 2);
  });
  const sum = expected.reduce((total, loss) => total + loss, 0);
  for (const reduction of ['none', 'sum', 'mean'] as const) {
    const model = modelFor(losses.meanSquaredError({ reduction }));
    isClose(t, reduction, await model.losses(set, { batchSize: 10 }), expected, 1e-5);
    const { loss, losses: own } = await model.evaluate(set, { batchSize: 10 });
    isClose(t, reduction, [loss], [reduction === 'sum' ? sum : sum / 37], 1e-5);
    t.is(own !== undefined, reduction === 'none');
    if (own) isClose(t, reduction, own, expected, 1e-5);
  }
});

test('losses of sums take steps of the batch times the size', async (t) => {
  const set = withTargets(32);
  for (const name of ['sparseCategoricalCrossentropy', 'categoricalCrossentropy', 'halfSumOfSquares'] as const) {
    const sum = modelFor(losses[name]({ reduction: 'sum' }), { units: 3, learningRate: 0.01 });
    const mean = modelFor(losses[name](), { units: 3, learningRate: 0.16 });
    const options = { epochs: 2, batchSize: 16 };
    const [{ history: sums }, { history: means }] = await Promise.all([sum.fit(set, options), mean.fit(set, options)]);
    isClose(
      t,
      name,
      sums.loss,
      means.loss.map((loss) => 32 * loss),
      1e-5,
    );
    const expected = await mean.getWeights();
    for (const [key, { data }] of Object.entries(await sum.getWeights())) {
      isClose(t, `${key} of ${name}`, data, expected[key]?.data ?? [], 1e-4);
    }
  }
});

test('progress of a summed loss is the sum so far', async (t) => {
  const set = curves(40);
  const steps = [];
  for await (const event of modelFor(losses.meanSquaredError({ reduction: 'sum' })).train(set, {
    batchSize: 16,
    logEvery: 1,
  })) {
    if (event.event === 'step') steps.push(event.loss);
    if (event.event === 'epoch') isClose(t, 'epoch', [event.loss], [steps.reduce((sum, loss) => sum + loss, 0)], 1e-12);
  }
  t.is(steps.length, 3);
});

test('a loss without reduction cannot train', async (t) => {
  const error = await t.throwsAsync(modelFor(losses.huber({ reduction: 'none' })).fit(curves(8)));
  t.true(error instanceof InvalidArgumentError);
  t.regex(error?.message ?? '', /^model\.fit: expected a loss with the reduction 'mean' or 'sum'.*losses\.huber/);
});

test('a single pixel of channels is classes too', async (t) => {
  const images = Float32Array.from({ length: 9 * 4 }, (_, i) => Math.sin(7 * i));
  const set = datasets.fromArrays({ images, shape: [1, 2, 2], labels: Array.from({ length: 9 }, (_, i) => i % 3) });
  const model = sequential({ inputShape: [1, 2, 2], seed: 1 }, [layers.conv2d({ filters: 3, kernelSize: 2 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const { data } = await model.predict(images);
  const expected = Array.from({ length: 9 }, (_, n) => {
    const row = [...data.subarray(3 * n, 3 * n + 3)];
    return Math.log(row.reduce((sum, z) => sum + Math.exp(z), 0)) - (row[n % 3] as number);
  });
  isClose(t, 'losses', await model.losses(set), expected, 1e-5);
});
