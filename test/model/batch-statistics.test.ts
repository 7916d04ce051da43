import test from 'ava';
import { layers, optimizers, sequential, TrainingError } from 'cnnative';
import { noise } from '../helpers/small.js';

/** Normalises three features of each sample: one value per channel and sample. */
function normalized(shape: readonly number[] = [3]) {
  const model = sequential({ inputShape: shape }, [
    layers.batchNormalization({ name: 'norm' }),
    layers.flatten(),
    layers.dense({ units: 2, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

test('training is refused where batch normalisation would see a single value per channel', async (t) => {
  for (const [size, batchSize, message] of [
    [1, 32, /at least 2 samples in every step .* norm, received 1 .*\(samples: 1, batchSize: 1\)\. Give more samples/],
    [8, 1, /received 1 in the last step of each epoch \(samples: 8, batchSize: 1\)\. .*batchSize, such as 2\./],
    [
      33,
      32,
      /received 1 in the last step of each epoch \(samples: 33, batchSize: 32\)\. .*batchSize, such as 33, or lastBatch: 'drop'\./,
    ],
    [
      3,
      2,
      /received 1 in the last step of each epoch \(samples: 3, batchSize: 2\)\. .*batchSize, such as 3, or lastBatch: 'drop'\./,
    ],
  ] as const) {
    for (const shape of [[3], [3, 1, 1]]) {
      const model = normalized(shape);
      const before = await model.getWeights();
      const set = noise(size, shape, 2);
      await t.throwsAsync(model.fit(set, { batchSize }), { instanceOf: TrainingError, message });
      const events = model.train(set, { batchSize });
      await t.throwsAsync(events.next(), { instanceOf: TrainingError, message: /^model\.train: expected / });
      t.deepEqual(await model.getWeights(), before);
    }
  }
});

test('what the message proposes trains', async (t) => {
  for (const [size, batchSize] of [
    [8, 1],
    [33, 32],
    [3, 2],
    [7, 3],
    [13, 4],
  ] as const) {
    const set = noise(size, [3], 2);
    const error = await t.throwsAsync(normalized().fit(set, { batchSize }));
    const proposed = Number(/such as (\d+)/.exec(error?.message ?? '')?.[1]);
    t.true(proposed > 1, error?.message);
    await t.notThrowsAsync(normalized().fit(set, { batchSize: proposed }));
    t.is(/lastBatch: 'drop'/.test(error?.message ?? ''), batchSize > 1);
    if (batchSize > 1) await t.notThrowsAsync(normalized().fit(set, { batchSize, lastBatch: 'drop' }));
  }
});

test('a last step of one sample trains where a channel has several values', async (t) => {
  const { history } = await normalized([3, 1, 2]).fit(noise(33, [3, 1, 2], 2));
  t.true(Number.isFinite(history.loss[0]));
});

test('evaluation and prediction take a single sample behind batch normalisation', async (t) => {
  const model = normalized();
  t.true(Number.isFinite((await model.evaluate(noise(1, [3], 2))).loss));
  t.deepEqual((await model.predict([1, 2, 3])).shape, [1, 2]);
});
