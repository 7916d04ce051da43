import test from 'ava';
import { type ElementwiseActivation, type Layer, layers, optimizers, type SymbolicTensor } from 'cnnative';
import type { Mode } from '#lib/program/compile.js';
import { fuse } from '#lib/program/fusion.js';
import type { Value } from '#lib/program/operation.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { isas } from '../helpers/isas.js';
import { ACTIVATION_TRUTHS, nameOf } from '../helpers/reference/activations.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { largestMagnitude, randomLabels, randomValues } from '../helpers/values.js';

function makeNetwork(activation: ElementwiseActivation): TestNetwork {
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
function makeUnfused(activation: ElementwiseActivation): TestNetwork {
  const made = makeNetwork(activation);
  for (const operation of made.network.operations) Object.assign(operation, { withActivation: undefined });
  return made;
}

function count(network: TestNetwork, mode: Mode, name = 'tanh') {
  const { calls } = network.description(mode, 20, { optimizer: optimizers.sgd() });
  const alone = calls.filter(({ op }) => op === 'activation').length;
  const fused = calls.filter(
    ({ op, attributes }) => ['convolution', 'dense'].includes(op) && attributes.activation === name,
  ).length;
  return { alone, fused };
}

test('an activation rides on the convolution or dense call before it', (t) => {
  for (const mode of ['gradients', 'evaluate', 'predict'] as const) {
    t.deepEqual(count(makeNetwork('tanh'), mode), { alone: 2, fused: 2 });
    t.deepEqual(count(makeUnfused('tanh'), mode), { alone: 4, fused: 0 });
  }
});

test('an activation whose gradient needs its input rides along in predictions alone', (t) => {
  for (const activation of ['gelu', 'geluTanh', 'silu', 'mish', 'hardSwish'] as const) {
    for (const mode of ['evaluate', 'predict'] as const) {
      t.deepEqual(count(makeNetwork(activation), mode, activation), { alone: 2, fused: 2 });
    }
    for (const mode of ['train', 'gradients'] as const) {
      t.deepEqual(count(makeNetwork(activation), mode, activation), { alone: 4, fused: 0 });
    }
  }
});

test('a fused activation needs no call of its own, and no more memory', (t) => {
  for (const activation of ['tanh', 'gelu'] as const) {
    const [fused, unfused] = [makeNetwork(activation), makeUnfused(activation)].map((network) =>
      network.description('predict', 20),
    ) as [ReturnType<TestNetwork['description']>, ReturnType<TestNetwork['description']>];
    t.is(fused.calls.length, unfused.calls.length - 2);
    t.true(fused.sampleBytes <= unfused.sampleBytes, `${fused.sampleBytes}, ${unfused.sampleBytes}`);
    t.true(fused.sharedBytes <= unfused.sharedBytes, `${fused.sharedBytes}, ${unfused.sharedBytes}`);
  }
});

test('fused and unfused programs give the same bits', async (t) => {
  for (const { activation } of ACTIVATION_TRUTHS) {
    const [fused, unfused] = [makeNetwork(activation), makeUnfused(activation)];
    const random = new Philox(1);
    const parameters = fused.randomParameters(random);
    const inputs = randomValues(random, 20 * fused.features);
    const batch = { inputs, labels: randomLabels(random, 20, fused.classes) };
    for (const settings of [...isas.map((isa) => ({ isa })), DOUBLE]) {
      const name = `${nameOf(activation)} ${JSON.stringify(settings)}`;
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
  t.is(fuse(operations, [output], true).length, 1);
  t.deepEqual(fuse(operations, [output, dense?.output as Value], true), [dense, relu]);
});

/** Every way in which batch norms and additions meet convolutions and dense layers. */
function makeResidual(): TestNetwork {
  return new TestNetwork([3, 6, 7], (input) => {
    const normalize = (x: SymbolicTensor) => layers.batchNormalization().apply(x);
    const relu = (x: SymbolicTensor) => layers.activation({ activation: 'relu' }).apply(x);
    const convolution = (options: object) =>
      layers.conv2d({ filters: 16, kernelSize: 3, padding: 1, useBias: false, ...options });
    const a = relu(normalize(convolution({}).apply(input)));
    const b = normalize(convolution({ useBias: true }).apply(a));
    const c = relu(layers.add().apply([b, a]));
    const d = convolution({ groups: 4 }).apply(c);
    const e = layers.add().apply([normalize(layers.activation({ activation: 'tanh' }).apply(c)), normalize(d)]);
    const f = layers.activation({ activation: 'sigmoid' }).apply(layers.add().apply([convolution({}).apply(e), e]));
    const dense = layers.dense({ units: 6 }).apply(layers.flatten().apply(f));
    return layers.dense({ units: 4 }).apply(relu(normalize(dense)));
  });
}

function makeUnfusedResidual(): TestNetwork {
  const made = makeResidual();
  for (const operation of made.network.operations) {
    Object.assign(operation, { withActivation: undefined, withAddend: undefined, withBatchNormalization: undefined });
  }
  return made;
}

test('batch norm folds into the layer before it at inference, additions ride along', (t) => {
  const ops = (network: TestNetwork, mode: Mode) => network.description(mode, 20).calls.map(({ op }) => op);
  const count = (network: TestNetwork, mode: Mode, name: string) =>
    ops(network, mode).filter((op) => op === name).length;
  for (const mode of ['predict', 'evaluate'] as const) {
    t.is(count(makeUnfusedResidual(), mode, 'scaleShift'), 5);
    t.is(count(makeResidual(), mode, 'scaleShift'), 1);
    t.is(count(makeUnfusedResidual(), mode, 'add'), 3);
    t.is(count(makeResidual(), mode, 'add'), 0);
  }
  t.is(count(makeResidual(), 'gradients', 'scaleShift'), 5);
});

test('fused and unfused residual networks agree', async (t) => {
  const [fused, unfused] = [makeResidual(), makeUnfusedResidual()];
  const random = new Philox(2);
  const parameters = fused.randomParameters(random);
  const inputs = randomValues(random, 20 * fused.features);
  const batch = { inputs, labels: randomLabels(random, 20, fused.classes) };
  for (const settings of [...isas.map((isa) => ({ isa })), DOUBLE]) {
    const name = JSON.stringify(settings);
    const tolerance = settings === DOUBLE ? 1e-12 : 1e-5;
    const [own, other] = [
      await fused.predict(parameters, inputs, settings),
      await unfused.predict(parameters, inputs, settings),
    ];
    isClose(t, `outputs ${name}`, own, other, tolerance);
    const gradients = await fused.gradients(parameters, batch, settings);
    const expected = await unfused.gradients(parameters, batch, settings);
    isClose(t, `input gradient ${name}`, gradients.input, expected.input, 10 * tolerance);
    // One scale for all: the gradient of a bias before a batch norm is zero but for rounding.
    const scale = Math.max(...expected.parameters.map(largestMagnitude));
    for (const [i, gradient] of gradients.parameters.entries()) {
      const { name: parameter = '' } = fused.network.parameters[i] ?? {};
      isClose(t, `${parameter} ${name}`, gradient, expected.parameters[i] ?? [], 10 * tolerance, scale);
    }
  }
});

test("random layers are in nobody's way where nothing is trained", (t) => {
  const make = (random: () => Layer[]) =>
    new TestNetwork(
      [3, 6, 6],
      [
        layers.conv2d({ filters: 18, kernelSize: 3, padding: 1 }),
        ...random(),
        layers.batchNormalization(),
        layers.activation({ activation: 'relu' }),
        ...random(),
        layers.maxPooling2d(),
        ...random(),
        layers.flatten(),
        layers.dense({ units: 4 }),
        ...random(),
        layers.activation({ activation: 'tanh' }),
        layers.dense({ units: 3 }),
        ...random(),
      ],
    );
  const random = () => [layers.dropout({ rate: 0.5 }), layers.gaussianNoise({ stddev: 1 })];
  const [plain, made] = [make(() => []), make(random)];
  for (const mode of ['evaluate', 'predict'] as const) {
    for (const batchSize of [1, 20]) {
      for (const isa of isas) {
        t.deepEqual(made.description(mode, batchSize, { isa }), plain.description(mode, batchSize, { isa }));
      }
    }
  }
  const drawing = made.description('gradients', 20).calls.filter(({ op }) => /^(dropout|gaussianNoise)/.test(op));
  t.is(drawing.length, 15);
});
