import test from 'ava';
import { layers } from 'cnnative';
import type { Mode } from '#lib/program/compile.js';
import { fuseActivations } from '#lib/program/fusion.js';
import type { Value } from '#lib/program/operation.js';
import { Philox } from '#lib/util/philox.js';
import { isas } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomLabels, randomValues } from '../helpers/values.js';

function makeNetwork(activation: 'relu' | 'sigmoid' | 'tanh'): TestNetwork {
  return new TestNetwork(
    [2, 7, 6],
    [
      layers.conv2d({ filters: 5, kernelSize: 3, padding: 1, activation }),
      layers.maxPooling2d(),
      layers.activation({ activation }),
      layers.flatten(),
      layers.dense({ units: 9, activation }),
      layers.activation({ activation }),
      layers.dense({ units: 3, activation: 'softmax' }),
    ],
  );
}

/** The same network, whose convolutions and dense layers cannot end in an activation. */
function makeUnfused(activation: 'relu' | 'sigmoid' | 'tanh'): TestNetwork {
  const made = makeNetwork(activation);
  for (const operation of made.network.operations) Object.assign(operation, { withActivation: undefined });
  return made;
}

function count(network: TestNetwork, mode: Mode) {
  const { calls } = network.description(mode, 20);
  const alone = calls.filter(({ op }) => op === 'activation').length;
  const fused = calls.filter(
    ({ op, attributes }) => ['convolution', 'dense'].includes(op) && attributes.activation === 'tanh',
  ).length;
  return { alone, fused };
}

test('an activation rides on the convolution or dense call before it', (t) => {
  for (const mode of ['gradients', 'evaluate', 'predict'] as const) {
    t.deepEqual(count(makeNetwork('tanh'), mode), { alone: 2, fused: 2 });
    t.deepEqual(count(makeUnfused('tanh'), mode), { alone: 4, fused: 0 });
  }
});

test('a fused activation needs no memory of its own', (t) => {
  const bytes = (network: TestNetwork) => network.description('predict', 20).sampleBytes;
  t.true(bytes(makeNetwork('tanh')) < bytes(makeUnfused('tanh')));
});

test('fused and unfused programs give the same bits', async (t) => {
  for (const activation of ['relu', 'sigmoid', 'tanh'] as const) {
    const [fused, unfused] = [makeNetwork(activation), makeUnfused(activation)];
    const random = new Philox(1);
    const parameters = fused.randomParameters(random);
    const inputs = randomValues(random, 20 * fused.features);
    const batch = { inputs, labels: randomLabels(random, 20, fused.classes) };
    for (const settings of [...isas.map((isa) => ({ isa })), DOUBLE]) {
      const name = `${activation} ${JSON.stringify(settings)}`;
      const expected = await unfused.gradients(parameters, batch, settings);
      t.deepEqual(await fused.gradients(parameters, batch, settings), expected, name);
      const outputs = await unfused.predict(parameters, inputs, settings);
      t.deepEqual(await fused.predict(parameters, inputs, settings), outputs, name);
    }
  }
});

test('an activation stays alone where something else reads what is before it', (t) => {
  const { operations, output } = new TestNetwork([4], [layers.dense({ units: 3, activation: 'relu' })]).network;
  const [dense, relu] = operations;
  t.is(fuseActivations(operations, [output]).length, 1);
  t.deepEqual(fuseActivations(operations, [output, dense?.output as Value]), [dense, relu]);
});
