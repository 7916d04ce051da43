import test from 'ava';
import type { TrainOptions } from 'cnnative';
import { InvalidArgumentError, layers, optimizers, sequential, TrainingError, type TrainingEvent } from 'cnnative';
import { withReplacement } from '#lib/util/permutation.js';
import { blobs, noise, smallModel } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';

/** With learning rate 0 the loss of a step tells which samples it took. */
const frozen = () => smallModel({ sgd: { learningRate: 0 }, seed: 7 });

test('with replacement, steps take the samples that were drawn', async (t) => {
  const set = blobs(40);
  const { losses: each } = await trained(frozen(), set, { batchSize: 1, shuffle: false });
  const options = { batchSize: 8, sampling: 'replacement', stepsPerEpoch: 12, epochs: 2 } as const;
  const { losses } = await trained(frozen(), set, options);
  t.is(losses.length, 24);
  for (const [step, loss] of losses.entries()) {
    const epoch = Math.floor(step / 12);
    const order = withReplacement(40, 96, 7, epoch);
    const batch = order.subarray((step % 12) * 8, (step % 12) * 8 + 8);
    const mean = batch.reduce((sum, sample) => sum + (each[sample] as number), 0) / 8;
    t.true(Math.abs(loss - mean) < 1e-6, `step ${step}: ${loss}, expected ${mean}`);
  }
  // 96 draws of 40 samples: some twice, and hardly ever all of them.
  t.true(new Set(withReplacement(40, 96, 7, 0)).size < 40);
});

test('the same seed draws the same samples, for any number of threads, in one fit or two', async (t) => {
  const set = blobs(70);
  const options = { batchSize: 16, sampling: 'replacement', stepsPerEpoch: 5 } as const;
  const model = () => smallModel({ sgd: { momentum: 0.9 } });
  const once = await trained(model(), set, { ...options, epochs: 2, threads: 1 });
  t.deepEqual(await trained(model(), set, { ...options, epochs: 2, threads: 2 }), once);
  const twice = model();
  const first = await trained(twice, set, options);
  const second = await trained(twice, set, options);
  t.deepEqual([...first.losses, ...second.losses], once.losses);
  t.is(second.weights, once.weights);
  t.notDeepEqual(first.losses, second.losses);
});

test('without a number of steps an epoch draws as many samples as there are', async (t) => {
  const steps: number[] = [];
  for await (const event of frozen().train(blobs(50), { batchSize: 16, sampling: 'replacement', logEvery: 1 })) {
    if (event.event === 'step') steps.push(event.loss);
  }
  t.is(steps.length, 4);
  // The last step takes the 2 that are left: the epoch's loss weighs them as 2.
  const history = await frozen().fit(blobs(50), { batchSize: 16, sampling: 'replacement' });
  const weighed = steps.reduce((sum, loss, i) => sum + loss * (i === 3 ? 2 : 16), 0) / 50;
  t.true(Math.abs((history.history.loss[0] as number) - weighed) < 1e-12);
});

test('events and history count the steps and samples of such epochs', async (t) => {
  const events: TrainingEvent[] = [];
  const options = { epochs: 2, batchSize: 4, sampling: 'replacement', stepsPerEpoch: 6, logEvery: 4 } as const;
  for await (const event of smallModel().train(blobs(10), options)) {
    if (event.event !== 'progress') events.push(event);
    if (event.event === 'epoch') t.true(Math.abs(event.imagesPerSecond * event.seconds - 24) < 1e-9);
  }
  t.deepEqual(
    events.map(({ event, epoch, step }) => [event, epoch, step]),
    [
      ['step', 1, 4],
      ['epoch', 1, 6],
      ['step', 2, 8],
      ['step', 2, 12],
      ['epoch', 2, 12],
    ],
  );
  const { logEvery: _, ...rest } = options;
  const history = await smallModel().fit(blobs(10), rest);
  t.deepEqual(history.epoch, [1, 2]);
  t.true(Math.abs(history.imagesPerSecond * history.seconds - 48) < 1e-6);
});

test('a step may draw more samples than the set has', async (t) => {
  const { losses } = await trained(frozen(), blobs(3), { batchSize: 20, sampling: 'replacement', stepsPerEpoch: 2 });
  t.is(losses.length, 2);
  t.true(losses.every(Number.isFinite));
});

test('progress knows how long such an epoch is', async (t) => {
  const set = noise(100, [200], 10);
  const model = sequential({ inputShape: [200] }, [layers.dense({ units: 300 }), layers.dense({ units: 10 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  for await (const event of model.train(set, { batchSize: 1, sampling: 'replacement', stepsPerEpoch: 1_000_000 })) {
    if (event.event !== 'progress') continue;
    t.is(event.stepsPerEpoch, 1_000_000);
    t.is(event.step, event.epochStep);
    t.true(event.epochStep <= 1_000_000);
    const left = (1_000_000 - event.epochStep) / event.imagesPerSecond;
    t.true(Math.abs(event.secondsLeft - left) < 1e-6 * left + 1e-9);
    break;
  }
});

test('in order and shuffled, fewer steps take the first of the order', async (t) => {
  const set = blobs(40);
  for (const shuffle of [true, false]) {
    const whole = await trained(frozen(), set, { batchSize: 16, shuffle });
    const some = await trained(frozen(), set, { batchSize: 16, shuffle, stepsPerEpoch: 2 });
    t.deepEqual(some.losses, whole.losses.slice(0, 2));
    const all = await trained(frozen(), set, { batchSize: 16, shuffle, stepsPerEpoch: 3 });
    t.deepEqual(all.losses, whole.losses);
  }
  t.deepEqual(
    await trained(smallModel(), set, { sampling: 'shuffle', shuffle: true }),
    await trained(smallModel(), set),
  );
});

test('rejects options of sampling that are not what they should be', async (t) => {
  const bad: [Record<string, unknown>, RegExp][] = [
    [{ sampling: 'bootstrap' }, /expected one of 'shuffle', 'replacement' for sampling, received "bootstrap"/],
    [{ sampling: 'replacement', shuffle: false }, /expected no sampling beside shuffle: false, received 'replacement'/],
    [{ sampling: 'shuffle', shuffle: false }, /expected no sampling beside shuffle: false, received 'shuffle'/],
    [{ sampling: null }, /'replacement' for sampling, received null/],
    [{ lastBatch: null }, /'drop' for lastBatch, received null/],
    [{ shuffle: 1 }, /expected true or false for shuffle, received 1/],
    [{ stepsPerEpoch: 0 }, /expected an integer of at least 1 for stepsPerEpoch, received 0/],
    [{ stepsPerEpoch: 1.5 }, /for stepsPerEpoch, received 1\.5/],
    [
      { stepsPerEpoch: 3, batchSize: 16 },
      /expected at most 2 for stepsPerEpoch, for 30 samples in steps of 16, received 3/,
    ],
    [
      { sampling: 'replacement', stepsPerEpoch: 1e9, batchSize: 16 },
      /expected at most 16777216 for stepsPerEpoch, for steps of 16 samples, received 1000000000/,
    ],
    [
      { sampling: 'replacement', stepsPerEpoch: 1, batchSize: 2 ** 31 },
      /expected a batchSize of at most 268435456 beside sampling: 'replacement', received 2147483648/,
    ],
  ];
  for (const [options, message] of bad) {
    const expectation = { instanceOf: InvalidArgumentError, message };
    await t.throwsAsync(smallModel().fit(blobs(30), options as TrainOptions), expectation);
  }
});

test('a step too small for batch normalisation says which would do', async (t) => {
  const model = sequential({ inputShape: [3] }, [layers.batchNormalization(), layers.dense({ units: 2 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const options = { batchSize: 1, stepsPerEpoch: 1 };
  const expectation = { instanceOf: TrainingError, message: /Choose a batchSize of at least 2\.$/ };
  await t.throwsAsync(model.fit(noise(20, [3], 2), options), expectation);
  await t.throwsAsync(model.fit(noise(20, [3], 2), { ...options, sampling: 'replacement' }), expectation);
  await t.notThrowsAsync(model.fit(noise(20, [3], 2), { ...options, batchSize: 2 }));
});

test('pixels are scaled to [-0.5, 0.5] by a mean of 0.5', async (t) => {
  const model = sequential({ input: { shape: [3], mean: 0.5 } }, [layers.dense({ units: 3, useBias: false })]);
  const identity = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  await model.setWeights({ 'dense/kernel': { data: identity, shape: [3, 3] } });
  const { data } = await model.predict(Uint8Array.of(0, 51, 255));
  for (const [i, expected] of [-0.5, -0.3, 0.5].entries()) t.true(Math.abs((data[i] as number) - expected) < 1e-7);
});
