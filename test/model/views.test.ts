import test from 'ava';
import { datasets, type Layer, layers, losses, optimizers, sequential } from 'cnnative';
import { Mirror } from '#lib/layers/mirror.js';
import { Shift } from '#lib/layers/shift.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testGradients } from '../helpers/gradient-check.js';
import { testEachIsa } from '../helpers/isas.js';
import { randomLabels, randomValues } from '../helpers/values.js';

const CLASSES = 4;

/** Channels beyond a block of 16 and an odd width: lanes of samples and of channels both meet their ends. */
function network(inputShape: readonly number[], last: Layer = layers.dense({ units: CLASSES, activation: 'softmax' })) {
  return sequential({ inputShape, seed: 3 }, [
    layers.conv2d({ filters: 18, kernelSize: 3, activation: 'relu' }),
    layers.batchNormalization(),
    layers.flatten(),
    last,
  ]);
}

/** Rows in reverse, value by value. */
function mirrored(values: Float32Array, width: number): Float32Array {
  return values.map((_, i) => values[i - (i % width) + width - 1 - (i % width)] as number);
}

/** Moved by so many pixels up and left, value by value; beyond an edge mirrored about the outermost pixels. */
function moved(values: Float32Array, [, height = 0, width = 0]: readonly number[], pixels: number): Float32Array {
  const within = (i: number, n: number) => (i < 0 ? -i : i >= n ? 2 * (n - 1) - i : i);
  return values.map((_, i) => {
    const [plane, row, column] = [Math.floor(i / (height * width)), Math.floor(i / width) % height, i % width];
    return values[(plane * height + within(row + pixels, height)) * width + within(column + pixels, width)] as number;
  });
}

function mean(a: Float32Array, b: Float32Array): Float32Array {
  return a.map((value, i) => (value + (b[i] as number)) / 2);
}

for (const shape of [
  [3, 5, 7],
  [1, 4, 4],
  [17, 3, 6],
]) {
  testEachIsa(`predictions with flip are means over mirror images of ${shape.join('x')}`, async (t, isa) => {
    const random = new Philox(5, 0);
    const features = shape.reduce((product, size) => product * size, 1);
    const model = network(shape);
    for (const size of [1, 3, 8, 20]) {
      const samples = randomValues(random, size * features);
      const straight = (await model.predict(samples, { isa })).data;
      const turned = (await model.predict(mirrored(samples, shape[2] as number), { isa })).data;
      const { data, shape: outputs } = await model.predict(samples, { isa, views: { flip: true } });
      t.deepEqual(outputs, [size, CLASSES]);
      isClose(t, `${size} samples`, data, mean(straight, turned), 1e-6);
      t.notDeepEqual(straight, turned);
    }
  });
}

for (const [shape, shift] of [
  [[3, 5, 7], 1],
  [[1, 4, 4], 3],
  [[17, 3, 6], 2],
] as const) {
  testEachIsa(`predictions with shift ${shift} weigh views of ${shape.join('x')} as airbench does`, async (t, isa) => {
    const random = new Philox(8, 0);
    const features = shape.reduce((product: number, size) => product * size, 1);
    const model = network(shape);
    const views = { flip: true, shift };
    for (const size of [1, 8, 20]) {
      const samples = randomValues(random, size * features);
      const outputs = async (given: Float32Array) => (await model.predict(given, { isa })).data;
      const flipped = async (given: Float32Array) =>
        mean(await outputs(given), await outputs(mirrored(given, shape[2])));
      const [up, down] = [moved(samples, shape, shift), moved(samples, shape, -shift)];
      t.notDeepEqual(up, samples);
      const still = mean(await outputs(samples), mean(await outputs(up), await outputs(down)));
      isClose(t, `${size} shifted`, (await model.predict(samples, { isa, views: { shift } })).data, still, 1e-6);
      const all = mean(await flipped(samples), mean(await flipped(up), await flipped(down)));
      isClose(t, `${size}, all views`, (await model.predict(samples, { isa, views })).data, all, 1e-6);
    }
  });
}

testGradients(
  'gradients through shifted and mirrored images match central differences',
  () => [
    {
      name: 'a dense layer of views',
      inputShape: [2, 4, 5],
      layers: (image) => {
        const views = [3, -1].map((pixels) => new Shift(pixels).apply(image));
        const all = layers.multiply().apply([...views, new Mirror().apply(image)]);
        return layers.dense({ units: 3 }).apply(layers.flatten().apply(all));
      },
      samples: 19,
    },
  ],
  90,
);

test('validation sees the views that it is told to', async (t) => {
  const random = new Philox(9, 0);
  const images = randomValues(random, 40 * 36);
  const labels = randomLabels(random, 40, CLASSES);
  const set = datasets.fromArrays({ images, labels, shape: [1, 6, 6], classes: CLASSES });
  const model = network([1, 6, 6]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
  const validationViews = { flip: true, shift: 1 };
  const { history } = await model.fit(set, { epochs: 2, validationData: set, validationViews });
  t.is(history.valLoss?.at(-1), (await model.evaluate(set, { views: validationViews })).loss);
  t.not(history.valLoss?.at(-1), (await model.evaluate(set)).loss);
  await t.throwsAsync(model.fit(set, { validationViews: { shift: 6 } }), {
    message: 'model.fit validationViews: expected a shift smaller than the images of input, 6x6, received 6.',
  });
  await t.throwsAsync(model.fit(set, { validationViews: { mirror: true } as never }), { message: /received "mirror"/ });
});

test('a loss with flip is that of the mean probabilities, by whatever weights the model has then', async (t) => {
  const random = new Philox(6, 0);
  const shape = [2, 5, 6];
  const images = randomValues(random, 30 * 60);
  const labels = randomLabels(random, 30, CLASSES);
  const set = datasets.fromArrays({ images, labels, shape, classes: CLASSES });
  const model = network(shape);
  const optimizer = optimizers.sgd({ learningRate: 0.1 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy', 'confusionMatrix'] });
  for (let epoch = 0; epoch < 2; epoch++) {
    const { data } = await model.predict(images, { views: { flip: true } });
    let loss = 0;
    let right = 0;
    for (const [i, label] of labels.entries()) {
      const outputs = data.subarray(i * CLASSES, (i + 1) * CLASSES);
      loss -= Math.log(outputs[label] as number) / labels.length;
      if (outputs.indexOf(Math.max(...outputs)) === label) right++;
    }
    const { confusionMatrix = [], ...flat } = await model.evaluate(set, { views: { flip: true } });
    isClose(t, 'loss', [flat.loss], [loss], 1e-5);
    t.is(flat.accuracy, right / labels.length);
    t.is(
      confusionMatrix.flat().reduce((sum, count) => sum + count, 0),
      labels.length,
    );
    t.true(Math.abs((await model.evaluate(set)).loss - loss) > 1e-4, 'without flip it is another');
    await model.fit(set, { batchSize: 10 });
  }
  model.compile({ optimizer, loss: losses.sparseCategoricalCrossentropy({ reduction: 'sum' }) });
  const mean = (await model.evaluate(set, { views: { flip: true }, metrics: [] })).loss;
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  isClose(t, 'recompiled', [(await model.evaluate(set, { views: { flip: true } })).loss * labels.length], [mean], 1e-5);
});

for (const [loss, options] of [
  ['sparseCategoricalCrossentropy', {}],
  ['sparseCategoricalCrossentropy', { fromLogits: false }],
  ['categoricalCrossentropy', {}],
  ['klDivergence', {}],
] as const) {
  test(`a view that shows the same changes no loss of logSoftmax: ${loss} ${JSON.stringify(options)}`, async (t) => {
    const random = new Philox(9, 0);
    const half = randomValues(random, 8 * 18);
    // Left and right are alike.
    const images = Float32Array.from({ length: 8 * 36 }, (_, i) => {
      const [row, column] = [Math.floor(i / 6), i % 6];
      return half[row * 3 + Math.min(column, 5 - column)] as number;
    });
    const labels = randomLabels(random, 8, CLASSES);
    const labelled = datasets.fromArrays({ images, labels, shape: [1, 6, 6], classes: CLASSES });
    const set = loss === 'sparseCategoricalCrossentropy' ? labelled : datasets.oneHot(labelled);
    const model = sequential({ inputShape: [1, 6, 6], seed: 3 }, [
      layers.flatten(),
      layers.dense({ units: CLASSES, activation: 'logSoftmax' }),
    ]);
    model.compile({ optimizer: optimizers.sgd(), loss: losses[loss](options) });
    const straight = (await model.evaluate(set)).loss;
    isClose(t, 'loss', [(await model.evaluate(set, { views: { flip: true } })).loss], [straight], 1e-5);
  });
}

test('the mean of logits is read as logits', async (t) => {
  const random = new Philox(7, 0);
  const images = randomValues(random, 8 * 36);
  const labels = randomLabels(random, 8, CLASSES);
  const set = datasets.fromArrays({ images, labels, shape: [1, 6, 6], classes: CLASSES });
  const model = network([1, 6, 6], layers.dense({ units: CLASSES }));
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const { data } = await model.predict(images, { views: { flip: true } });
  let loss = 0;
  for (const [i, label] of labels.entries()) {
    const outputs = data.subarray(i * CLASSES, (i + 1) * CLASSES);
    const total = outputs.reduce((sum, output) => sum + Math.exp(output), 0);
    loss += (Math.log(total) - (outputs[label] as number)) / labels.length;
  }
  isClose(t, 'loss', [(await model.evaluate(set, { views: { flip: true } })).loss], [loss], 1e-5);
});

test('flip is true or false, and of images alone', async (t) => {
  const model = sequential({ inputShape: [6] }, [layers.dense({ units: 2 })]);
  await t.throwsAsync(model.predict(new Float32Array(6), { views: { flip: 1 as never } }), {
    message: 'model.predict views: expected true or false for flip, received 1.',
  });
  await t.throwsAsync(model.predict(new Float32Array(6), { views: { flip: true } }), {
    message:
      'model.predict: expected a model of images [channels, height, width] for views, received one with the input input of 1 axis. ' +
      'Leave views out.',
  });
  const maps = sequential({ inputShape: [1, 6, 6] }, [layers.conv2d({ filters: 2, kernelSize: 3 })]);
  for (const views of [{ flip: true }, { shift: 1 }]) {
    await t.throwsAsync(maps.predict(new Float32Array(36), { views }), {
      message: /outputs have no places.*for views, received one with outputs of shape \[2, 4, 4\].*Leave views out/,
    });
  }
});
