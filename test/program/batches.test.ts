import test from 'ava';
import { layers, optimizers } from 'cnnative';
import { MOST_CHANNEL_LANE_SAMPLES } from '#lib/program/channel-lanes.js';
import { LANES } from '#lib/program/description.js';
import { permutation } from '#lib/util/permutation.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { DOUBLE, type Gradients, TestNetwork } from '../helpers/test-network.js';
import { at, randomLabels, randomValues } from '../helpers/values.js';

const DOUBLE_TOLERANCE = 1e-12;
/** Of the largest weight, after some steps of float32 arithmetic. */
const FLOAT_TOLERANCE = 1e-5;

const SAMPLES = 70;
const network = new TestNetwork(
  [2, 7, 6],
  [
    layers.conv2d({ filters: 5, kernelSize: 3, padding: 'same', activation: 'relu' }),
    layers.maxPooling2d({ padding: 'same' }),
    layers.conv2d({ filters: 3, kernelSize: [2, 3], strides: 2 }),
    layers.flatten(),
    layers.dense({ units: 11, activation: 'tanh' }),
    layers.dense({ units: 4, activation: 'softmax' }),
  ],
);
const random = new Philox(1);
const parameters = network.randomParameters(random);
const inputs = randomValues(random, SAMPLES * network.features);
const labels = randomLabels(random, SAMPLES, network.classes);
const batch = { inputs, labels };

/** The first samples of the batch. */
function first(count: number) {
  return { inputs: inputs.subarray(0, count * network.features), labels: labels.subarray(0, count) };
}

testEachIsa(
  'predictions depend on no other sample, not on what ran before, and on the batch size by what the lanes hold alone',
  async (t, isa) => {
    const predict = (batchSize: number) => network.predict(parameters, inputs, { isa, batchSize });
    const [fewest, most] = [await predict(1), await predict(SAMPLES)];
    for (const batchSize of [3, 7, MOST_CHANNEL_LANE_SAMPLES]) {
      t.deepEqual(await predict(batchSize), fewest, `batches of ${batchSize}`);
    }
    for (const batchSize of [MOST_CHANNEL_LANE_SAMPLES + 1, 16, 17, 32, 33, 500]) {
      t.deepEqual(await predict(batchSize), most, `batches of ${batchSize}`);
    }
    isClose(t, 'lanes of channels', fewest, most, FLOAT_TOLERANCE);
  },
);

testEachIsa(
  'a smaller batch gives the bits of a program made for it, but where that one adds up in bands',
  async (t, isa) => {
    for (const count of [1, 5, 16, 17, 40]) {
      const expected = await network.gradients(parameters, first(count), { isa });
      const actual = await network.gradients(parameters, first(count), { isa, capacity: SAMPLES });
      t.deepEqual([actual.loss, actual.input], [expected.loss, expected.input], `${count}`);
      expected.parameters.forEach((own, i) => {
        const { name = '', shape = [] } = network.network.parameters[i] ?? {};
        const inBands = count <= LANES / 2 && isa !== 'scalar' && shape.length === 4;
        if (inBands) isClose(t, `${count}: ${name}`, actual.parameters[i] ?? [], own, FLOAT_TOLERANCE);
        else t.deepEqual(actual.parameters[i], own, `${count}: ${name}`);
      });
    }
  },
);

testEachIsa('the number of threads changes no bit', async (t, isa) => {
  const optimizer = optimizers.sgd({ momentum: 0.9 });
  const order = permutation(SAMPLES, 1, 0);
  const rates = [0.1, 0.1, 0.05, 0.05, 0.02];
  const run = async (threads: number) => ({
    gradients: await network.gradients(parameters, batch, { isa, threads }),
    trained: await network.train(parameters, batch, { isa, threads, optimizer, rates, order, batchSize: 16 }),
    predicted: await network.predict(parameters, inputs, { isa, threads }),
  });
  const expected = await run(1);
  for (const threads of [2, 3, 2]) t.deepEqual(await run(threads), expected, `${threads} threads`);
});

test('the gradient of a batch is the mean over its samples, however they fill lane groups and blocks', async (t) => {
  const alone: Gradients[] = [];
  for (let n = 0; n < SAMPLES; n++) {
    const own = {
      inputs: inputs.subarray(n * network.features, (n + 1) * network.features),
      labels: labels.subarray(n, n + 1),
    };
    alone.push(await network.gradients(parameters, own, DOUBLE));
  }
  for (const count of [1, 15, 16, 17, 48, SAMPLES]) {
    const together = await network.gradients(parameters, first(count), DOUBLE);
    const some = alone.slice(0, count);
    const mean = (of: (gradients: Gradients) => number) => some.reduce((sum, g) => sum + of(g), 0) / count;
    isClose(t, `loss of ${count}`, [together.loss], [mean((g) => g.loss)], DOUBLE_TOLERANCE);
    together.parameters.forEach((gradient, slot) => {
      const expected = Float64Array.from(gradient, (_, i) => mean((g) => at(g.parameters[slot] ?? [], i)));
      isClose(t, `parameter ${slot} of ${count}`, gradient, expected, DOUBLE_TOLERANCE);
    });
  }
});

test('steps of training weigh by the samples really there', async (t) => {
  const optimizer = optimizers.sgd();
  const settings = { ...DOUBLE, optimizer, rates: [0.5, 0.25], batchSize: 40 };
  const trained = await network.train(parameters, batch, settings);
  let current: ArrayLike<number>[] = parameters;
  const losses: number[] = [];
  for (const [start, end, rate] of [[0, 40, 0.5] as const, [40, SAMPLES, 0.25] as const]) {
    const part = {
      inputs: inputs.subarray(start * network.features, end * network.features),
      labels: labels.subarray(start, end),
    };
    const { loss, parameters: gradients } = await network.gradients(current, part, DOUBLE);
    losses.push(loss);
    current = current.map((values, slot) =>
      Float64Array.from(values, (value, i) => value - rate * at(gradients[slot] ?? [], i)),
    );
  }
  isClose(t, 'losses', trained.losses, losses, DOUBLE_TOLERANCE);
  current.forEach((values, slot) => {
    isClose(t, `parameter ${slot}`, trained.parameters[slot] ?? [], values, DOUBLE_TOLERANCE);
  });
});

testEachIsa('many steps of training stay beside those in double', async (t, isa) => {
  const optimizer = optimizers.sgd({ momentum: 0.9 });
  const order = Int32Array.from([0, 1, 2].flatMap((epoch) => [...permutation(SAMPLES, 2, epoch)]));
  // Whole and partial batches after one another, in memory the one before has used.
  const settings = { optimizer, order, batchSize: 20, rates: new Array(11).fill(0.02) };
  const expected = await network.train(parameters, batch, { ...DOUBLE, ...settings });
  const actual = await network.train(parameters, batch, { isa, ...settings });
  isClose(t, 'losses', actual.losses, expected.losses, FLOAT_TOLERANCE);
  expected.parameters.forEach((values, slot) => {
    isClose(t, `parameter ${slot}`, actual.parameters[slot] ?? [], values, FLOAT_TOLERANCE);
    isClose(t, `velocity ${slot}`, actual.state[slot] ?? [], expected.state[slot] ?? [], FLOAT_TOLERANCE);
  });
});
