import test from 'ava';
import { datasets, type Layer, layers, losses, optimizers, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
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
      const { data, shape: outputs } = await model.predict(samples, { isa, flip: true });
      t.deepEqual(outputs, [size, CLASSES]);
      isClose(t, `${size} samples`, data, mean(straight, turned), 1e-6);
      t.notDeepEqual(straight, turned);
    }
  });
}

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
    const { data } = await model.predict(images, { flip: true });
    let loss = 0;
    let right = 0;
    for (const [i, label] of labels.entries()) {
      const outputs = data.subarray(i * CLASSES, (i + 1) * CLASSES);
      loss -= Math.log(outputs[label] as number) / labels.length;
      if (outputs.indexOf(Math.max(...outputs)) === label) right++;
    }
    const { confusionMatrix = [], ...flat } = await model.evaluate(set, { flip: true });
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
  const mean = (await model.evaluate(set, { flip: true, metrics: [] })).loss;
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  isClose(t, 'recompiled', [(await model.evaluate(set, { flip: true })).loss * labels.length], [mean], 1e-5);
});

test('the mean of logits is read as logits', async (t) => {
  const random = new Philox(7, 0);
  const images = randomValues(random, 8 * 36);
  const labels = randomLabels(random, 8, CLASSES);
  const set = datasets.fromArrays({ images, labels, shape: [1, 6, 6], classes: CLASSES });
  const model = network([1, 6, 6], layers.dense({ units: CLASSES }));
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const { data } = await model.predict(images, { flip: true });
  let loss = 0;
  for (const [i, label] of labels.entries()) {
    const outputs = data.subarray(i * CLASSES, (i + 1) * CLASSES);
    const total = outputs.reduce((sum, output) => sum + Math.exp(output), 0);
    loss += (Math.log(total) - (outputs[label] as number)) / labels.length;
  }
  isClose(t, 'loss', [(await model.evaluate(set, { flip: true })).loss], [loss], 1e-5);
});

test('flip is true or false, and of images alone', async (t) => {
  const model = sequential({ inputShape: [6] }, [layers.dense({ units: 2 })]);
  await t.throwsAsync(model.predict(new Float32Array(6), { flip: 1 as never }), {
    message: 'model.predict: expected true or false for flip, received 1.',
  });
  await t.throwsAsync(model.predict(new Float32Array(6), { flip: true }), {
    message:
      'model.predict: expected a model of images [channels, height, width] for flip, received one with the input input of 1 axis. ' +
      'Leave flip out.',
  });
});
