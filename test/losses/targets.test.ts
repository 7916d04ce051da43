import test from 'ava';
import {
  datasets,
  model as functional,
  InvalidArgumentError,
  input,
  type LossName,
  layers,
  losses,
  optimizers,
  ShapeError,
  sequential,
} from 'cnnative';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { blobs, type smallModel } from '../helpers/small.js';
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

test('a dataset of the wrong kind is refused', async (t) => {
  const { images, labels } = blobs(6);
  const targets = new Float32Array(18);
  const set = (options: { targets?: Float32Array; targetShape?: number[] }) =>
    datasets.fromArrays({ images, labels, shape: [2], classes: 3, ...options });
  const softmax = { units: 3, activation: 'softmax' } as const;
  const onlyTargets = datasets.fromArrays({ images, shape: [2], targets, targetShape: [3] });
  const refused = async (
    loss: LossName,
    data: Parameters<ReturnType<typeof smallModel>['fit']>[0],
    pattern: RegExp,
  ) => {
    for (const call of ['fit', 'evaluate', 'losses'] as const) {
      const error = await t.throwsAsync<Error>(async () => modelFor(loss, softmax)[call](data));
      t.true(error instanceof InvalidArgumentError || error instanceof ShapeError, `${loss} ${call}: ${error}`);
      t.regex(error?.message ?? '', pattern);
    }
  };
  await refused(
    'meanSquaredError',
    blobs(6),
    /expected a dataset with targets of shape \[3\] for the loss meanSquaredError.*labels alone.*targetShape/,
  );
  await refused(
    'sparseCategoricalCrossentropy',
    onlyTargets,
    /expected a dataset with labels.*targets alone.*categoricalCrossentropy/,
  );
  await refused('meanSquaredError', set({ targets: new Float32Array(12) }), /targets of shape \[3\].*received \[2\]/);
  await refused('meanSquaredError', set({ targets, targetShape: [3, 1, 1] }), /received \[3, 1, 1\]/);
  await refused(
    'meanSquaredError',
    { ...onlyTargets, targets: targets.subarray(3) },
    /3 targets for each of 6 samples, received 15/,
  );
  await refused('hinge', onlyTargets, /targets -1 or 1 for the loss hinge, received 0 at index 0/);
  await refused(
    'binaryCrossentropy',
    set({ targets: targets.map((_, i) => i - 4) }),
    /from 0 to 1.*received -4 at index 0/,
  );
  await refused('categoricalCrossentropy', set({ targets: targets.map((_, i) => i) }), /received 2 at index 2/);
  await refused('klDivergence', set({ targets: targets.map((_, i) => i) }), /received 2 at index 2/);
  await refused(
    'huber',
    { ...onlyTargets, targets: targets.map(() => Number.NaN) },
    /finite for the loss huber, received NaN/,
  );
  await refused('huber', { ...onlyTargets, weights: new Float32Array(5) }, /a weight for each of 6 samples/);
  await refused(
    'huber',
    { ...onlyTargets, weights: new Float32Array(6).fill(-1) },
    /weights from 0, received -1 at index 0/,
  );
  await refused('huber', { ...onlyTargets, targets: Array.from(targets) } as never, /expected a dataset/);
});

test('targets and weights that are none are refused', (t) => {
  const { images, labels } = blobs(6);
  const make = (options: object) => datasets.fromArrays({ images, shape: [2], labels, ...options } as never);
  for (const [options, pattern] of [
    [{ targets: new Float64Array(6) }, /Float32Array or an array of numbers for targets/],
    [{ targets: [1, 2, 3, 4, 5, '6'] }, /numbers in targets, received "6" at index 5/],
    [{ targets: [1, 2, 3, 4, 5, Number.NaN] }, /finite float32 values in targets, received NaN at index 5/],
    [{ targets: [1, 2, 3, 4, 5] }, /as many values for each of 6 samples for targets, received 5/],
    [{ targets: [] }, /as many values for each of 6 samples for targets, received 0/],
    [
      { targets: [1, 2, 3, 4, 5, 6], targetShape: [2] },
      /12 values \(6 samples of shape \[2\]\) for targets, received 6/,
    ],
    [{ targets: [1, 2, 3, 4, 5, 6], targetShape: [0] }, /positive integers for targetShape/],
    [{ targets: [1, 2, 3, 4, 5, 6], targetShape: [] }, /positive integers for targetShape/],
    [{ targetShape: [1] }, /targets beside targetShape/],
    [{ weights: [1, 2] }, /6 values \(one for each sample in images\) for weights, received 2/],
    [{ weights: [1, 2, 3, 4, 5, -6] }, /numbers from 0 in weights, received -6 at index 5/],
    [{ weights: [1, 2, 3, 4, 5, Number.POSITIVE_INFINITY] }, /finite float32 values in weights/],
    [{ weights: 3 }, /for weights, received 3/],
    [{ labels: undefined, targets: [1, 2, 3, 4, 5, 6], classes: 3 }, /labels beside classes/],
    [{ labels: undefined }, /for labels/],
  ] as const) {
    t.throws(() => make(options), { message: pattern });
  }
});

test('an option of a loss that is none is refused', (t) => {
  const bad = (make: () => unknown, pattern: RegExp) =>
    t.throws(make, { instanceOf: InvalidArgumentError, message: pattern });
  bad(() => losses.huber({ delta: 0 }), /^losses\.huber: expected a number of at least .* for delta, received 0/);
  bad(() => losses.huber({ delta: Number.NaN }), /delta/);
  bad(() => losses.hinge({ reduction: 'average' as never }), /'none', 'sum', 'mean' for reduction, received "average"/);
  bad(() => losses.hinge({ delta: 1 } as never), /only the options reduction, received "delta"/);
  bad(() => losses.binaryCrossentropy({ fromLogits: 1 as never }), /fromLogits/);
  bad(() => losses.binaryCrossentropy({ labelSmoothing: 1.5 }), /from 0 to 1 for labelSmoothing/);
  bad(() => losses.categoricalCrossentropy({ labelSmoothing: -0.1 }), /labelSmoothing/);
  for (const classWeights of [[], [1, -1], [1, Number.NaN], 3, new Array(2), ['1']]) {
    bad(() => losses.sparseCategoricalCrossentropy({ classWeights: classWeights as never }), /for classWeights/);
  }
  const loss = losses.categoricalCrossentropy({ classWeights: [1, 2] });
  bad(() => modelFor(loss, { units: 3 }), /^model\.compile: expected 3 numbers.*classWeights.*received 2/);
  bad(
    () => modelFor('mse' as never),
    /^model\.compile: expected one of 'binaryCrossentropy'.*for loss, received "mse"/,
  );
  bad(() => modelFor({ name: 'huber' } as never), /losses\.huber\(\{ delta: 2 \}\)/);
});

test('losses of classes need outputs that are classes', (t) => {
  const model = sequential({ inputShape: [1, 4, 4] }, [layers.conv2d({ filters: 3, kernelSize: 3 })]);
  for (const name of ['categoricalCrossentropy', 'sparseCategoricalCrossentropy', 'klDivergence'] as const) {
    t.throws(() => model.compile({ optimizer: optimizers.sgd(), loss: name }), {
      instanceOf: ShapeError,
      message: /outputs of shape \[classes\] for the loss .*received \[3, 2, 2\]/,
    });
  }
  model.compile({ optimizer: optimizers.sgd(), loss: 'meanSquaredError' });
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
