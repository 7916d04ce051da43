import test from 'ava';
import { InvalidArgumentError, type Layer, layers, optimizers, ShapeError, sequential } from 'cnnative';
import { isas, testEachIsa } from '../helpers/isas.js';
import { noise } from '../helpers/small.js';
import { trained } from '../helpers/trained.js';

const SHAPE = [3, 5, 4];
const set = noise(40, SHAPE, 3);

/** Random layers of every kind, or those given; with a learning rate of 0 losses show nothing but what was drawn. */
function network({ seed = 1, learningRate = 0, random = RANDOM } = {}) {
  const [first, second, third] = random();
  const model = sequential({ inputShape: SHAPE, seed }, [
    ...(first ? [first] : []),
    layers.conv2d({ filters: 6, kernelSize: 3, activation: 'relu', name: 'conv' }),
    ...(second ? [second] : []),
    layers.flatten(),
    ...(third ? [third] : []),
    layers.dense({ units: 3, activation: 'softmax', name: 'dense' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

const RANDOM = (): Layer[] => [
  layers.gaussianNoise({ stddev: 0.3 }),
  layers.spatialDropout2d({ rate: 0.25 }),
  layers.dropout({ rate: 0.5 }),
];
const NONE = (): Layer[] => [];

testEachIsa('predictions and evaluations are those of a network without random layers', async (t, isa) => {
  const [model, plain] = [network(), network({ random: NONE })];
  for (const count of [1, 3, 40]) {
    const samples = (set.images as Float32Array).slice(0, count * 60);
    const options = { isa, batchSize: count };
    t.deepEqual((await model.predict(samples, options)).data, (await plain.predict(samples, options)).data);
  }
  t.deepEqual(await model.evaluate(set, { isa }), await plain.evaluate(set, { isa }));
});

for (const [kind, random] of [
  ['dropout', () => [layers.dropout({ rate: 0.5 })]],
  ['spatialDropout2d', () => [layers.spatialDropout2d({ rate: 0.5 })]],
  ['gaussianNoise', () => [layers.gaussianNoise({ stddev: 1 })]],
] as [string, () => Layer[]][]) {
  testEachIsa(`${kind} draws anew in every step, epoch and fit`, async (t, isa) => {
    const model = network({ random });
    const options = { shuffle: false, isa, batchSize: 40 };
    const before = await model.evaluate(set, { isa });
    const losses = [
      ...(await trained(model, set, { ...options, epochs: 3 })).losses,
      ...(await trained(model, set, { ...options, epochs: 2 })).losses,
    ];
    t.is(new Set(losses).size, 5, losses.join(' '));
    t.deepEqual(await model.evaluate(set, { isa }), before);
    // What is drawn follows from the number of the step alone.
    t.deepEqual((await trained(network({ random }), set, { ...options, epochs: 5 })).losses, losses);
  });
}

test('a training with random layers has the same bits for any number of threads', async (t) => {
  for (const isa of isas) {
    const train = (threads: number) =>
      trained(network({ learningRate: 0.1 }), set, { threads, isa, batchSize: 33, epochs: 3 });
    const once = await train(1);
    for (const threads of [2, 3]) t.deepEqual(await train(threads), once);
  }
});

test('a training that was left goes on to draw what no step has drawn', async (t) => {
  const model = network();
  const options = { shuffle: false, batchSize: 40 };
  const seen: number[] = [];
  for await (const event of model.train(set, { ...options, epochs: 9, logEvery: 1 })) {
    if (event.event === 'step') seen.push(event.loss);
    if (seen.length === 3) break;
  }
  const { losses } = await trained(model, set, { ...options, epochs: 3 });
  t.is(new Set([...seen, ...losses]).size, 6);
});

test('masks follow the seed of the model, or that of the layer', async (t) => {
  const losses = async (seed: number, own?: number, rate = 0.5) => {
    const drop = () => [layers.dropout({ rate, ...(own !== undefined && { seed: own }) })];
    const model = network({ seed, random: drop });
    await model.setWeights(await network({ random: NONE }).getWeights());
    return (await trained(model, set, { shuffle: false, epochs: 2 })).losses;
  };
  t.deepEqual(await losses(1), await losses(1));
  t.notDeepEqual(await losses(1), await losses(2));
  t.deepEqual(await losses(1, 9), await losses(2, 9));
  t.notDeepEqual(await losses(1, 9), await losses(1, 8));
  t.notDeepEqual(await losses(1, 9), await losses(1, 9 + 2 ** 40));
});

test('two layers of one model draw different masks', async (t) => {
  // All that the first keeps the second would keep too, and doubling it twice would give 4 or 0 only in half of the cases.
  const model = sequential({ inputShape: [1000] }, [
    layers.dropout({ rate: 0.5, seed: 3 }),
    layers.dropout({ rate: 0.5, seed: 3 }),
    layers.dense({
      units: 2,
      useBias: false,
      kernelInitializer: new Array(2000).fill(0).map((_, i) => (i < 1000 ? 1e-3 : 0)),
    }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0 }), loss: 'sparseCategoricalCrossentropy' });
  const ones = noise(1, [1000], 1);
  (ones.images as Float32Array).fill(1);
  const { losses } = await trained(model, ones);
  // Logits z and 0 with label 0: loss = ln(1 + e^-z), z = 4/1000 for each value both keep.
  const kept = (-Math.log(Math.exp(losses[0] as number) - 1) * 1000) / 4;
  t.true(kept > 190 && kept < 310, `${kept}`);
});

test('spatial dropout needs an image', (t) => {
  t.throws(() => sequential({ inputShape: [7] }, [layers.spatialDropout2d({ rate: 0.5 })]), {
    instanceOf: ShapeError,
    message: /spatialDropout2d.*expected/,
  });
});

test('illegal options of random layers are refused by name', (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: this is about values of the wrong type
  type Anything = any;
  for (const kind of ['dropout', 'spatialDropout2d'] as const) {
    for (const rate of [-0.1, 1, 2, Number.NaN, '0.5', null, undefined] as Anything[]) {
      const message = new RegExp(`^layers\\.${kind}: expected a number from 0 to .* for rate, received`);
      t.throws(() => layers[kind]({ rate }), { instanceOf: InvalidArgumentError, message });
    }
    for (const seed of [-1, 0.5, 2 ** 53, '1', null] as Anything[]) {
      const message = new RegExp(`^layers\\.${kind}: expected an integer of at least 0 for seed, received`);
      t.throws(() => layers[kind]({ rate: 0.5, seed }), { instanceOf: InvalidArgumentError, message });
    }
    t.throws(() => layers[kind]({ rate: 0.5, p: 1 } as Anything), { message: /received "p"/ });
    t.throws(() => layers[kind](undefined as Anything), { instanceOf: InvalidArgumentError });
  }
  for (const stddev of [-1, Number.NaN, Infinity, '1', undefined] as Anything[]) {
    t.throws(() => layers.gaussianNoise({ stddev }), { message: /^layers\.gaussianNoise: .*for stddev, received/ });
  }
  t.throws(() => layers.gaussianNoise({ stddev: 1, seed: -1 }), { message: /for seed, received -1/ });
});
