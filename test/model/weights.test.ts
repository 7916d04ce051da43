import test from 'ava';
import { InvalidArgumentError, layers, ShapeError, sequential } from 'cnnative';
import { lenet5 } from '../helpers/lenet5.js';
import { smallModel } from '../helpers/small.js';
import { fingerprint } from '../helpers/trained.js';

test('getWeights names every weight with its shape', async (t) => {
  const weights = await lenet5().getWeights();
  t.deepEqual(Object.fromEntries(Object.entries(weights).map(([name, { shape }]) => [name, shape])), {
    'conv2d/kernel': [6, 1, 5, 5],
    'conv2d/bias': [6],
    'conv2d_1/kernel': [16, 6, 5, 5],
    'conv2d_1/bias': [16],
    'dense/kernel': [120, 400],
    'dense/bias': [120],
    'dense_1/kernel': [84, 120],
    'dense_1/bias': [84],
    'dense_2/kernel': [10, 84],
    'dense_2/bias': [10],
  });
  for (const { data, shape } of Object.values(weights)) {
    t.is(
      data.length,
      shape.reduce((a, b) => a * b),
    );
  }
  t.is(lenet5().parameterCount, 61_706);
});

test('first weights are LeCun uniform, first biases zero', async (t) => {
  const { 'dense/kernel': kernel, 'dense/bias': bias } = await lenet5().getWeights();
  const limit = Math.sqrt(3 / 400);
  const values = kernel?.data ?? new Float32Array(0);
  const mean = (of: (value: number) => number) => values.reduce((sum, value) => sum + of(value), 0) / values.length;
  t.true(values.every((value) => Math.abs(value) <= limit));
  // Of 48 000 uniform values the mean has a deviation of limit / 379, the mean of squares one of limit^2 / 735.
  t.true(Math.abs(mean((value) => value)) < limit / 75);
  t.true(Math.abs(mean((value) => value * value) - (limit * limit) / 3) < (limit * limit) / 150);
  t.true(bias?.data.every((value) => value === 0));
});

test('weights set are weights got, and the others stay', async (t) => {
  const model = smallModel();
  const before = await model.getWeights();
  const kernel = Float32Array.from({ length: 24 }, (_, i) => i / 7);
  await model.setWeights({ 'dense_1/kernel': kernel });
  const after = await model.getWeights();
  t.deepEqual(after['dense_1/kernel'], { data: kernel, shape: [3, 8] });
  t.deepEqual({ ...after, 'dense_1/kernel': undefined }, { ...before, 'dense_1/kernel': undefined });
  await model.setWeights(before);
  t.deepEqual(await model.getWeights(), before);
  await model.setWeights({});
  t.deepEqual(await model.getWeights(), before);
});

test('weights are copied in and out', async (t) => {
  const model = smallModel();
  const kernel = new Float32Array(24).fill(1);
  const written = model.setWeights({ 'dense_1/kernel': kernel });
  kernel.fill(2);
  await written;
  const weights = await model.getWeights();
  t.true(weights['dense_1/kernel']?.data.every((value) => value === 1));
  const before = await fingerprint(model);
  weights['dense_1/kernel']?.data.fill(3);
  t.is(await fingerprint(model), before);
});

test('setWeights names what does not fit, and then sets nothing', async (t) => {
  const model = smallModel();
  const before = await fingerprint(model);
  const good = { 'dense/bias': new Float32Array(8).fill(1) };
  await t.throwsAsync(model.setWeights({ ...good, 'dense/kernal': new Float32Array(16) }), {
    instanceOf: InvalidArgumentError,
    message:
      /expected names among dense\/kernel, dense\/bias, dense_1\/kernel, dense_1\/bias, received "dense\/kernal"/,
  });
  await t.throwsAsync(model.setWeights({ ...good, 'dense/kernel': new Float32Array(15) }), {
    instanceOf: ShapeError,
    message:
      /16 values \(\[8, 2\]\) for dense\/kernel, or { data, shape } with such data, received Float32Array\(15\)\.$/,
  });
  for (const [weight, received] of [
    [new Float64Array(8), /received Float64Array\(8\)\.$/],
    [[1, 2], /received \[1, 2\]\.$/],
    [null, /received null\.$/],
    [{ shape: [8] }, /received an object of class Object\.$/],
    [{ data: [1, 2], shape: [8] }, /received \[1, 2\]\.$/],
  ] as const) {
    const wrong = { 'dense/bias': weight as unknown as Float32Array };
    await t.throwsAsync(model.setWeights(wrong), { instanceOf: ShapeError, message: received });
  }
  await t.throwsAsync(model.setWeights({ ...good, 'dense/kernel': { data: new Float32Array(16), shape: [2, 8] } }), {
    instanceOf: ShapeError,
    message: /shape \[8, 2\] for dense\/kernel, received \[2, 8\]/,
  });
  t.is(await fingerprint(model), before);
});

test('layers of a kind are numbered, names given are kept', (t) => {
  const model = sequential({ inputShape: [4] }, [
    layers.dense({ units: 3, name: 'dense_1' }),
    layers.dense({ units: 3 }),
    layers.dense({ units: 3 }),
    layers.dense({ units: 3, name: 'last-one.v2' }),
  ]);
  t.deepEqual(
    model.graph.nodes.map(({ name }) => name),
    ['dense_1', 'dense', 'dense_2', 'last-one.v2'],
  );
});

test('rejects a name given twice and a layer used twice', (t) => {
  const dense = (name?: string) => layers.dense(name === undefined ? { units: 3 } : { units: 3, name });
  t.throws(() => sequential({ inputShape: [4] }, [dense('a'), dense('a')]), {
    instanceOf: InvalidArgumentError,
    message: /different name for every layer and input, received 'a' twice/,
  });
  const layer = dense();
  t.throws(() => sequential({ inputShape: [4] }, [layer, layer]), {
    instanceOf: InvalidArgumentError,
    message: /each layer once, received the one at position 1 again/,
  });
});

test('one layer may be part of two models, which share nothing', async (t) => {
  const layer = layers.dense({ units: 3 });
  const first = sequential({ inputShape: [4] }, [layer]);
  const second = sequential({ inputShape: [5] }, [layer]);
  const before = await fingerprint(second);
  await first.setWeights({ 'dense/bias': Float32Array.of(1, 2, 3) });
  t.is(await fingerprint(second), before);
});
