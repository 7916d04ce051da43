import test from 'ava';
import { averages, datasets, layers, loadModel, type Model, optimizers, sequential } from 'cnnative';
import { optimizerFromConfig } from '#lib/optimizers/index.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { at, type Numbers } from '../helpers/values.js';

type Optimizer = ReturnType<typeof optimizerFromConfig>;

const loss = 'sparseCategoricalCrossentropy';
const images = Float32Array.from({ length: 20 * 12 }, (_, i) => Math.sin(i * i + 1));
const set = datasets.fromArrays({ images, labels: Array.from({ length: 20 }, (_, i) => i % 3), shape: [3, 2, 2] });
const STEP = { batchSize: 8, shuffle: false } as const;

/** A network with batch statistics. */
function modelOf(optimizer: Optimizer, options: { trainable?: boolean; learningRateFactor?: number } = {}): Model {
  const model = sequential({ inputShape: [3, 2, 2], seed: 5 }, [
    layers.conv2d({ name: 'first', filters: 5, kernelSize: 1, ...options }),
    layers.batchNormalization({ name: 'norm', ...options }),
    layers.flatten(),
    layers.dense({ name: 'last', units: 3, activation: 'softmax' }),
  ]);
  model.compile({ optimizer, loss });
  return model;
}

async function weightsOf(model: Model): Promise<Record<string, Float32Array>> {
  return Object.fromEntries(Object.entries(await model.getWeights()).map(([name, { data }]) => [name, data]));
}

/** The weights after each of so many steps, in fits of a step each, whose batches are the same as in one fit. */
async function steps(model: Model, count: number): Promise<Record<string, Float32Array>[]> {
  const all = [];
  for (let i = 0; i < count; i++) {
    await model.fit(set, { ...STEP, stepsPerEpoch: 1 });
    all.push(await weightsOf(model));
  }
  return all;
}

test('after fit a model has the average of its weights, running statistics too, and trains on from the raw ones', async (t) => {
  const decay = 0.8;
  const raw = await steps(modelOf(optimizers.adam()), 6);
  const averaged = await steps(modelOf(optimizers.adam({ average: averages.ema({ decay }) })), 6);
  const expected = Object.fromEntries(Object.entries(raw[0] ?? {}).map(([name, w]) => [name, Float64Array.from(w)]));
  for (const [step, weights] of raw.entries()) {
    for (const [name, average] of Object.entries(expected)) {
      const w = weights[name] as Numbers;
      if (step > 0) average.set(average.map((a, i) => decay * a + (1 - decay) * at(w, i)));
      isClose(t, `${name} after ${step + 1} steps`, averaged[step]?.[name] ?? [], average, 1e-6);
    }
  }
  t.true('norm/runningMean' in expected);
});

test('validation sees the average', async (t) => {
  const model = modelOf(optimizers.sgd({ learningRate: 0.5, average: averages.ema({ decay: 0.9 }) }));
  const plain = modelOf(optimizers.sgd({ learningRate: 0.5 }));
  const { history } = await model.fit(set, { ...STEP, validationData: set, epochs: 3 });
  const { history: other } = await plain.fit(set, { ...STEP, validationData: set, epochs: 3 });
  t.deepEqual(history.loss, other.loss);
  t.notDeepEqual(history.valLoss, other.valLoss);
  t.is((await model.evaluate(set)).loss, history.valLoss?.at(-1) as number);
});

test('one fit of several epochs and several fits leave the same weights', async (t) => {
  const average = averages.ema({ decay: 0.9 });
  const whole = modelOf(optimizers.adamw({ average, accumulate: 2 }));
  const parts = modelOf(optimizers.adamw({ average, accumulate: 2 }));
  await whole.fit(set, { ...STEP, epochs: 4, validationData: set });
  for (let i = 0; i < 4; i++) await parts.fit(set, STEP);
  t.deepEqual(await weightsOf(parts), await weightsOf(whole));
});

test('weights that are set after fit are those that training goes on from', async (t) => {
  const still = { learningRate: 0, average: averages.ema({ decay: 0 }) };
  const model = modelOf(optimizers.sgd(still));
  await model.fit(set, STEP);
  const bias = Float32Array.of(1, 2, 3);
  await model.setWeights({ 'last/bias': bias });
  t.deepEqual((await weightsOf(model))['last/bias'], bias);
  await model.fit(set, STEP);
  t.deepEqual((await weightsOf(model))['last/bias'], bias);
});

test('weights that are set after fit are slow weights too', async (t) => {
  const average = averages.lookahead({ steps: 2, alpha: 0.5 });
  const bias = Float32Array.of(1, 2, 3);
  // Within the steps of the slow weights and at their end, and before the first update.
  for (const before of [0, 1, 2, 3]) {
    const model = modelOf(optimizers.sgd({ learningRate: 0, average }));
    await steps(model, before);
    await model.setWeights({ 'last/bias': bias });
    for (const weights of await steps(model, 4)) t.deepEqual(weights['last/bias'], bias, `${before} steps before`);
  }
});

test('the other slow weights stay where some are set', async (t) => {
  const make = () => modelOf(optimizers.adam({ average: averages.lookahead({ steps: 3, alpha: 0.5 }) }));
  const [plain, set] = [make(), make()];
  await Promise.all([steps(plain, 2), steps(set, 2)]);
  // To what it is: only its slow weights change by that, on which those of the first layer do not depend at the next slow step.
  await set.setWeights({ 'last/bias': (await weightsOf(set))['last/bias'] as Float32Array });
  const [[a], [b]] = [await steps(plain, 1), await steps(set, 1)];
  t.deepEqual(b?.['first/kernel'], a?.['first/kernel']);
  t.notDeepEqual(b?.['last/bias'], a?.['last/bias']);
});

test('a fit that ends before the first update keeps its weights', async (t) => {
  const model = modelOf(optimizers.sgd({ accumulate: 4, average: averages.ema() }));
  const before = await weightsOf(model);
  await model.fit(set, STEP);
  t.deepEqual((await weightsOf(model))['first/kernel'], before['first/kernel']);
});

test('a model that is left in the midst of training has its average', async (t) => {
  const model = modelOf(optimizers.sgd({ learningRate: 0.5, average: averages.ema({ decay: 0.9 }) }));
  const whole = modelOf(optimizers.sgd({ learningRate: 0.5, average: averages.ema({ decay: 0.9 }) }));
  for await (const { event } of model.train(set, { ...STEP, epochs: 5 })) if (event === 'epoch') break;
  await whole.fit(set, STEP);
  t.deepEqual(await weightsOf(model), await weightsOf(whole));
});

test('lookahead draws running statistics along', async (t) => {
  const [first, second] = await steps(modelOf(optimizers.sgd({ learningRate: 0 })), 2);
  const ahead = await steps(
    modelOf(optimizers.sgd({ learningRate: 0, average: averages.lookahead({ steps: 2, alpha: 0.25 }) })),
    2,
  );
  const name = 'norm/runningMean';
  const [a, b] = [first?.[name] as Float32Array, second?.[name] as Float32Array];
  isClose(
    t,
    name,
    ahead[1]?.[name] ?? [],
    a.map((value, i) => value + 0.25 * (at(b, i) - value)),
    1e-6,
  );
});

test('the step of slow weights grows shorter in the course of a training', async (t) => {
  // Without lookahead running statistics go their own way, for nothing depends on them in training.
  const free = await steps(modelOf(optimizers.sgd({ learningRate: 0 })), 6);
  const alpha = { from: 1, to: 1 - 0.95 ** 5, power: 3 };
  const model = modelOf(optimizers.sgd({ learningRate: 0, average: averages.lookahead({ steps: 2, alpha }) }));
  const name = 'norm/runningMean';
  const start = Float64Array.from((await weightsOf(model))[name] ?? []);
  // Statistics of the first step are there before the first update.
  const slow = Float64Array.from(free[0]?.[name] ?? []);
  const fast = Float64Array.from(start);
  let before = Float64Array.from(start);
  await model.fit(set, { ...STEP, stepsPerEpoch: 1, epochs: 6 });
  for (const [i, record] of free.entries()) {
    const after = Float64Array.from(record[name] ?? []);
    // A step is an exponential mean: m = 0.9 m + 0.1 x, with the same x in both trainings.
    after.forEach((value, k) => {
      fast[k] = 0.9 * at(fast, k) + (value - 0.9 * at(before, k));
    });
    before = after;
    if (i % 2 === 0) continue;
    // airbench: ema.lerp(w, 1 - decay), with a decay of 0.95^5 (step / steps)^3.
    const decay = 0.95 ** 5 * ((i + 1) / 6) ** 3;
    slow.forEach((value, k) => {
      slow[k] = value + (1 - decay) * (at(fast, k) - value);
      fast[k] = at(slow, k);
    });
  }
  isClose(t, name, (await weightsOf(model))[name] ?? [], slow, 1e-6);
  t.true(Math.max(...slow.map((value, k) => Math.abs(value - at(before, k)))) > 1e-3);
});

test('every step of an update weighs the same, however many samples it has', async (t) => {
  // Batches of 8, 8 and 4: the mean of three gradients at the same weights.
  const rate = 0.1;
  const make = (accumulate: number) => {
    const model = sequential({ inputShape: [3, 2, 2], seed: 5 }, [
      layers.flatten(),
      layers.dense({ units: 3, activation: 'softmax' }),
    ]);
    model.compile({ optimizer: optimizers.sgd({ learningRate: rate, accumulate }), loss });
    return model;
  };
  const before = await weightsOf(make(1));
  const moves: Float32Array[] = [];
  for (const samples of [
    [0, 8],
    [8, 16],
    [16, 20],
  ] as const) {
    const model = make(1);
    const labels = Array.from({ length: samples[1] - samples[0] }, (_, i) => (i + samples[0]) % 3);
    const part = datasets.fromArrays({
      images: images.slice(12 * samples[0], 12 * samples[1]),
      labels,
      shape: [3, 2, 2],
    });
    await model.fit(part, STEP);
    const after = await weightsOf(model);
    moves.push((after['dense/kernel'] as Float32Array).map((w, i) => w - at(before['dense/kernel'] as Numbers, i)));
  }
  const model = make(3);
  await model.fit(set, STEP);
  const expected = (before['dense/kernel'] as Float32Array).map(
    (w, i) => w + moves.reduce((sum, move) => sum + at(move, i), 0) / 3,
  );
  isClose(t, 'kernel', (await weightsOf(model))['dense/kernel'] ?? [], expected, 1e-6);
});

test('muon orthogonalises kernels, not what else has several axes', async (t) => {
  const model = sequential({ inputShape: [3, 2, 2], seed: 1 }, [
    layers.conv2d({ name: 'first', filters: 4, kernelSize: 1 }),
    layers.layerNormalization({ name: 'norm' }),
    layers.prelu({ name: 'slopes' }),
    layers.conv2d({ name: 'last', filters: 3, kernelSize: 1 }),
    layers.layerNormalization({ name: 'end' }),
    layers.globalAveragePooling2d(),
    layers.activation({ activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.muon(), loss: 'sparseCategoricalCrossentropy' });
  const before = await weightsOf(model);
  await model.fit(set, { ...STEP, stepsPerEpoch: 1 });
  const after = await weightsOf(model);
  for (const [name, weights] of Object.entries(after)) {
    const moves = Float64Array.from(weights, (w, i) => Math.abs(w - at(before[name] as Numbers, i)));
    const most = Math.max(...moves);
    // The first step of AdamW is its whole rate.
    if (name === 'first/kernel') t.true(most > 1e-3, name);
    else t.true(most < 0.02 * 0.015 * 1.01, `${name} ${most}`);
  }
});

testEachIsa('gradients whose squares float cannot hold are clipped to their norms', async (t, isa) => {
  for (const clip of [{ clipNorm: 1 }, { globalClipNorm: 1 }]) {
    for (const size of [1e19, 1e25, 1e37]) {
      const model = sequential({ inputShape: [40], seed: 1 }, [
        layers.dense({ units: 1, kernelInitializer: 'zeros', useBias: false }),
      ]);
      model.compile({ optimizer: optimizers.sgd({ learningRate: 1, ...clip }), loss: 'meanAbsoluteError' });
      const large = Float32Array.from({ length: 40 }, (_, i) => (i === 7 ? 3 * size : i === 31 ? 4 * size : 0));
      const sample = datasets.fromArrays({ images: large, shape: [40], targets: [1], targetShape: [1] });
      await model.fit(sample, { isa });
      const [weights = []] = Object.values(await weightsOf(model));
      isClose(t, `${size}`, [at(weights, 7), at(weights, 31)], [0.6, 0.8], 1e-6);
    }
  }
});

test('weights of frozen layers stay, running statistics too, and the others train on', async (t) => {
  for (const optimizer of [
    optimizers.sgd({ weightDecay: 0.1, globalClipNorm: 1 }),
    optimizers.muon(),
    optimizers.adam({ average: averages.ema() }),
  ]) {
    const model = modelOf(optimizer, { trainable: false });
    const before = await weightsOf(model);
    await model.fit(set, { ...STEP, epochs: 2 });
    const after = await weightsOf(model);
    for (const name of Object.keys(before)) {
      if (name.startsWith('last/')) t.notDeepEqual(after[name], before[name], name);
      else t.deepEqual(after[name], before[name], name);
    }
  }
});

test('a frozen batch normalisation trains as it predicts', async (t) => {
  const model = modelOf(optimizers.sgd({ learningRate: 0 }), { trainable: false });
  await model.setWeights({
    'norm/runningMean': Float32Array.of(0.1, -0.2, 0.3, 0, 0.5),
    'norm/runningVariance': Float32Array.of(1, 2, 0.5, 1.5, 3),
  });
  const { history } = await model.fit(set, STEP);
  isClose(t, 'loss', history.loss, [(await model.evaluate(set)).loss], 1e-6);
});

test('the learning rate of a layer is multiplied by its factor', async (t) => {
  const optimizersOf = [
    () => optimizers.sgd({ learningRate: 0.125 }),
    () => optimizers.adamw({ learningRate: 0.125, weightDecay: 0.25 }),
    () => optimizers.muon({ learningRate: 0.125, weightDecay: 0.25 }),
    () => optimizers.lion({ learningRate: 0.125 }),
  ];
  for (const make of optimizersOf) {
    const whole = modelOf(make());
    const before = await weightsOf(whole);
    await whole.fit(set, { ...STEP, stepsPerEpoch: 1 });
    const half = modelOf(make(), { learningRateFactor: 0.5 });
    await half.fit(set, { ...STEP, stepsPerEpoch: 1 });
    const [one, other] = [await weightsOf(whole), await weightsOf(half)];
    for (const name of ['first/kernel', 'norm/gamma']) {
      const expected = Float64Array.from(before[name] ?? [], (w, i) => w + (at(one[name] as Numbers, i) - w) / 2);
      isClose(t, name, other[name] ?? [], expected, 1e-6);
    }
    t.deepEqual(other['last/kernel'], one['last/kernel']);
  }
});

test('frozen layers and factors survive saving, with the optimizer and its average', async (t) => {
  const folder = await temporaryFolder(t);
  const optimizer = optimizers.muon({
    accumulate: 2,
    globalClipNorm: 1,
    others: { beta1: 0.5 },
    average: averages.lookahead({ alpha: 0.25 }),
  });
  const model = modelOf(optimizer, { trainable: false, learningRateFactor: 0.5 });
  await model.save(folder);
  const loaded = await loadModel(folder);
  t.deepEqual(
    loaded.graph.nodes.map(({ layer }) => layer.config()),
    model.graph.nodes.map(({ layer }) => layer.config()),
  );
  t.is(loaded.graph.nodes[1]?.layer.trainable, false);
  t.is(loaded.graph.nodes[0]?.layer.learningRateFactor, 0.5);
  await model.fit(set, { ...STEP, epochs: 4 });
  await loaded.fit(set, { ...STEP, epochs: 4 });
  t.deepEqual(await weightsOf(loaded), await weightsOf(model));
});

test('every optimizer is made again from its plain data', (t) => {
  const all: Optimizer[] = [
    ...Object.values(optimizers).map((make) => make()),
    optimizers.sgd({
      momentum: 0.5,
      nesterov: true,
      weightDecay: 0.1,
      decoupled: true,
      clipValue: 1,
      clipNorm: 2,
      globalClipNorm: 3,
    }),
    optimizers.rmsprop({ rho: 0.5, momentum: 0.25, epsilon: 1e-3, centered: true }),
    optimizers.adagrad({ learningRateDecay: 0.5, initialAccumulatorValue: 0.25, epsilon: 1e-3 }),
    optimizers.adam({ beta1: 0.5, beta2: 0.25, epsilon: 1e-3, amsgrad: true, accumulate: 4 }),
    optimizers.adamw({ weightDecay: 0, average: averages.ema({ decay: 0.5 }) }),
    optimizers.nadam({ momentumDecay: 0.5, average: averages.lookahead({ steps: 3, alpha: 0.25 }) }),
    optimizers.sgd({ average: averages.lookahead({ steps: 1, alpha: { from: 1, to: 0.25, power: 3 } }) }),
    optimizers.muon({ momentum: 0.5, nesterov: false, steps: 3, lastLayer: 'muon', others: { learningRateFactor: 1 } }),
  ];
  for (const optimizer of all) {
    const config = JSON.parse(JSON.stringify(optimizer.config()));
    const again = optimizerFromConfig('test', config);
    t.deepEqual(again.config(), config);
    t.is(again.stateSlots, optimizer.stateSlots);
    for (const step of [0, 1, 7])
      t.deepEqual(again.stepScalars(0.5, step, step / 7), optimizer.stepScalars(0.5, step, step / 7));
  }
});

test("options of muon's others that are undefined are its own defaults", (t) => {
  const others = { beta2: undefined, epsilon: undefined } as never;
  t.deepEqual(optimizers.muon({ others }).config(), optimizers.muon().config());
  t.deepEqual(optimizers.muon({ others: {} }).config(), optimizers.muon().config());
});
