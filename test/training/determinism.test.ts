import test from 'ava';
import { info, layers, optimizers, sequential } from 'cnnative';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { fingerprint, trained } from '../helpers/trained.js';

// 100 samples: batches of 64 and 24 leave a part, one of 100 takes all.
const set = goldenSet(100);

for (const isa of info().isas) {
  for (const batchSize of [64, 24, 100]) {
    test(`training has the same bits for any number of threads on ${isa}, batch ${batchSize}`, async (t) => {
      const options = { epochs: 2, batchSize, isa };
      const first = await trained(lenet5(), set, { ...options, threads: 1 });
      t.is(first.losses.length, 2 * Math.ceil(100 / batchSize));
      t.true(first.losses.every(Number.isFinite));
      for (const threads of [1, 2, 2, 3, 3, 4, 4]) {
        t.deepEqual(await trained(lenet5(), set, { ...options, threads }), first, `${threads} threads`);
      }
    });
  }
}

test('evaluation and prediction have the same bits for any number of threads', async (t) => {
  const model = lenet5();
  for (const isa of info().isas) {
    const one = { threads: 1, batchSize: 64, isa };
    const evaluated = await model.evaluate(set, one);
    const predicted = await model.predict(set.images, one);
    for (const threads of [2, 3]) {
      t.deepEqual(await model.evaluate(set, { ...one, threads }), evaluated);
      t.deepEqual(await model.predict(set.images, { ...one, threads }), predicted);
    }
  }
});

test('another seed draws other weights and another order', async (t) => {
  const seeds = [1, 2, 2 ** 40 + 1];
  t.is(new Set(await Promise.all(seeds.map((seed) => fingerprint(lenet5({ seed }))))).size, 3);
  const runs = await Promise.all(seeds.map((seed) => trained(lenet5({ seed }), set, { batchSize: 64 })));
  t.is(new Set(runs.map(({ losses }) => losses[0])).size, 3);
  t.is(new Set(runs.map(({ weights }) => weights)).size, 3);
});

test('the seed alone decides the order of samples', async (t) => {
  // With the same weights, only the order in the seed's epoch can make losses differ.
  const weights = await lenet5({ seed: 1 }).getWeights();
  const losses = async (seed: number, shuffle: boolean) => {
    const model = lenet5({ seed });
    await model.setWeights(weights);
    return (await trained(model, set, { batchSize: 50, shuffle })).losses;
  };
  t.deepEqual(await losses(5, true), await losses(5, true));
  t.notDeepEqual(await losses(5, true), await losses(6, true));
  t.deepEqual(await losses(5, false), await losses(6, false));
});

test('a network with every kind of layer has the same bits for any number of threads', async (t) => {
  const make = () => {
    const model = sequential({ inputShape: [1, 28, 28], seed: 3 }, [
      layers.conv2d({ filters: 5, kernelSize: [3, 4], strides: [2, 1], padding: [1, 0, 2, 1], activation: 'tanh' }),
      layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 1 }),
      layers.activation({ activation: 'sigmoid' }),
      layers.conv2d({ filters: 7, kernelSize: 1, useBias: false }),
      layers.flatten(),
      layers.dense({ units: 33, activation: 'sigmoid' }),
      layers.activation({ activation: 'relu' }),
      layers.dense({ units: 10, useBias: false }),
    ]);
    model.compile({ optimizer: optimizers.sgd({ learningRate: 0.1 }), loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  const first = await trained(make(), set, { epochs: 2, batchSize: 33, threads: 1 });
  t.true(first.losses.every(Number.isFinite));
  for (const threads of [2, 5, 8]) {
    t.deepEqual(await trained(make(), set, { epochs: 2, batchSize: 33, threads }), first, `${threads} threads`);
  }
});
