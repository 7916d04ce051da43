import test from 'ava';
import { InvalidArgumentError, layers, optimizers, sequential, type TrainingEvent } from 'cnnative';
import { blobs, noise, smallModel } from '../helpers/small.js';
import { fingerprint, trained } from '../helpers/trained.js';

test('fit learns to part points that a line can part', async (t) => {
  const model = smallModel();
  const before = await model.evaluate(blobs(300, 1));
  const history = await model.fit(blobs(300), { epochs: 10, batchSize: 16 });
  t.true(before.loss > 0.7);
  t.is((await model.evaluate(blobs(300, 1))).accuracy, 1);
  t.true((history.history.loss.at(-1) ?? 1) < 0.05);
});

test('fit learns one batch by heart', async (t) => {
  const set = noise(16, [1, 12, 12], 4);
  const model = sequential({ inputShape: [1, 12, 12], seed: 2 }, [
    layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
    layers.maxPooling2d(),
    layers.flatten(),
    layers.dense({ units: 32, activation: 'relu' }),
    layers.dense({ units: 4, activation: 'softmax' }),
  ]);
  model.compile({
    optimizer: optimizers.sgd({ learningRate: 0.1, momentum: 0.9 }),
    loss: 'sparseCategoricalCrossentropy',
    metrics: ['accuracy'],
  });
  await model.fit(set, { epochs: 40, batchSize: 16 });
  const { loss, accuracy } = await model.evaluate(set);
  t.is(accuracy, 1);
  t.true(loss < 0.01, `${loss}`);
});

test('the history has one number an epoch for loss, metrics and validation', async (t) => {
  const validationData = blobs(50, 1);
  const model = smallModel();
  const history = await model.fit(blobs(100), { epochs: 3, validationData });
  t.deepEqual(history.epoch, [1, 2, 3]);
  t.deepEqual(Object.keys(history.history).sort(), ['accuracy', 'loss', 'valAccuracy', 'valLoss']);
  for (const values of Object.values(history.history)) {
    t.is(values.length, 3);
    t.true(values.every(Number.isFinite));
  }
  const { loss, accuracy } = await model.evaluate(validationData);
  t.is(history.history.valLoss?.at(-1), loss);
  t.is(history.history.valAccuracy?.at(-1), accuracy);
  t.true(history.seconds > 0);
  t.true(Math.abs(history.imagesPerSecond * history.seconds - 300) < 1e-6);
});

test('without metrics and validation there is a loss alone', async (t) => {
  const model = smallModel();
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  t.deepEqual(Object.keys((await model.fit(blobs(30))).history), ['loss']);
  t.deepEqual(Object.keys(await model.evaluate(blobs(30))), ['loss']);
});

test('the loss of an epoch weighs every sample alike, in a partial batch too', async (t) => {
  // With learning rate 0 the weights stay, so the epoch's loss is that of evaluate.
  const model = smallModel({ sgd: { learningRate: 0 } });
  const before = await fingerprint(model);
  for (const batchSize of [1, 7, 32, 1000]) {
    const { history } = await model.fit(blobs(50), { batchSize });
    const { loss, accuracy } = await model.evaluate(blobs(50));
    t.true(Math.abs((history.loss[0] ?? 0) - loss) < 1e-6, `batch ${batchSize}`);
    t.is(history.accuracy?.[0], accuracy);
  }
  t.is(await fingerprint(model), before);
});

test('two fits of an epoch are one fit of two', async (t) => {
  const set = blobs(70);
  const sgd = { momentum: 0.9 };
  const twice = smallModel({ sgd });
  const first = await trained(twice, set, { batchSize: 16 });
  const second = await trained(twice, set, { batchSize: 16 });
  const once = await trained(smallModel({ sgd }), set, { batchSize: 16, epochs: 2 });
  t.deepEqual([...first.losses, ...second.losses], once.losses);
  t.is(second.weights, once.weights);
});

test('every epoch has an order of its own', async (t) => {
  // Frozen weights: the losses of the steps tell which samples they saw.
  const frozen = smallModel({ sgd: { learningRate: 0 } });
  const { losses } = await trained(frozen, blobs(64), { batchSize: 16, epochs: 3 });
  const epochs = [losses.slice(0, 4), losses.slice(4, 8), losses.slice(8)].map(String);
  t.is(new Set(epochs).size, 3);
  const plain = await trained(frozen, blobs(64), { batchSize: 16, epochs: 2, shuffle: false });
  t.deepEqual(plain.losses.slice(0, 4), plain.losses.slice(4));
});

test('an epoch takes every sample once', async (t) => {
  // One sample a step: frozen weights give each sample its own loss, in some order.
  const frozen = smallModel({ sgd: { learningRate: 0 } });
  const shuffled = await trained(frozen, blobs(40), { batchSize: 1 });
  const inOrder = await trained(frozen, blobs(40), { batchSize: 1, shuffle: false });
  t.notDeepEqual(shuffled.losses, inOrder.losses);
  t.deepEqual([...shuffled.losses].sort(), [...inOrder.losses].sort());
});

test('compiling again forgets the momentum and keeps the weights', async (t) => {
  const sgd = { momentum: 0.9 };
  const options = { batchSize: 16, shuffle: false };
  const set = blobs(64);
  const loss = 'sparseCategoricalCrossentropy';
  const again = smallModel({ sgd });
  await again.fit(set, options);
  const weights = await again.getWeights();
  again.compile({ optimizer: optimizers.sgd({ learningRate: 0.1, ...sgd }), loss });
  t.deepEqual(await again.getWeights(), weights);

  const fresh = smallModel({ sgd });
  await fresh.setWeights(weights);
  const expected = await trained(fresh, set, options);
  t.deepEqual(await trained(again, set, options), expected);

  const goingOn = smallModel({ sgd });
  await goingOn.fit(set, options);
  t.notDeepEqual(await trained(goingOn, set, options), expected);
});

test('events tell steps and epochs in order', async (t) => {
  const model = smallModel();
  const events: TrainingEvent[] = [];
  for await (const event of model.train(blobs(50), { epochs: 2, batchSize: 16, logEvery: 3 })) {
    if (event.event !== 'progress') events.push(event);
  }
  t.deepEqual(
    events.map(({ event, epoch, step }) => [event, epoch, step]),
    [
      ['step', 1, 3],
      ['epoch', 1, 4],
      ['step', 2, 6],
      ['epoch', 2, 8],
    ],
  );
});

test('the loss of an epoch is the mean of its steps, weighed by their samples', async (t) => {
  let sum = 0;
  for await (const event of smallModel().train(blobs(50), { batchSize: 16, logEvery: 1 })) {
    if (event.event === 'step') sum += event.loss * (event.step === 4 ? 2 : 16);
    if (event.event === 'epoch') t.true(Math.abs(event.loss - sum / 50) < 1e-12);
  }
  t.true(sum > 0);
});

// Epochs far longer than the time between two events: each also ends in one.
test('progress comes during long training, at a humane rate', async (t) => {
  const set = noise(12_000, [200], 10);
  const model = sequential({ inputShape: [200] }, [layers.dense({ units: 300 }), layers.dense({ units: 10 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  let count = 0;
  let last = 0;
  const begun = performance.now();
  for await (const event of model.train(set, { epochs: 1000, batchSize: 1 })) {
    if (event.event !== 'progress') continue;
    t.is(event.stepsPerEpoch, 12_000);
    t.is(event.step, (event.epoch - 1) * 12_000 + event.epochStep);
    t.true(event.step > last && event.epochStep <= 12_000);
    t.true(event.imagesPerSecond > 0 && event.secondsLeft >= 0 && Number.isFinite(event.loss));
    last = event.step;
    if (++count === 10) break;
  }
  const seconds = (performance.now() - begun) / 1000;
  t.true(seconds > 10 / 25, `10 events in ${seconds} s`);
});

test('fit and evaluate ask for compile first', async (t) => {
  const model = sequential({ inputShape: [2] }, [layers.dense({ units: 3 })]);
  const expectation = { instanceOf: InvalidArgumentError, message: /compile/ };
  await t.throwsAsync(model.fit(blobs(3)), expectation);
  await t.throwsAsync(model.evaluate(blobs(3)), expectation);
  await t.notThrowsAsync(model.predict([1, 2]));
});

test('the learning rate can be changed between two fits', async (t) => {
  const optimizer = optimizers.sgd({ learningRate: 0 });
  const model = smallModel();
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  const before = await fingerprint(model);
  await model.fit(blobs(30));
  t.is(await fingerprint(model), before);
  optimizer.learningRate = 0.1;
  await model.fit(blobs(30));
  t.not(await fingerprint(model), before);
});
