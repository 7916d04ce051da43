import test from 'ava';
import { averages, InvalidArgumentError, type Layer, layers, loadModel, optimizers, sequential } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';
import { pictures } from '../helpers/resumable.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { TestNetwork } from '../helpers/test-network.js';

const frozen = { kernelTrainable: false } as const;

const chain = (): Layer[] => [
  layers.conv2d({ name: 'conv', filters: 4, kernelSize: 3, activation: 'tanh', ...frozen }),
  layers.depthwiseConv2d({ name: 'depthwise', kernelSize: 2, ...frozen }),
  layers.separableConv2d({ name: 'separable', filters: 3, kernelSize: 2, ...frozen }),
  layers.conv2dTranspose({ name: 'transposed', filters: 3, kernelSize: 2, activation: 'tanh', ...frozen }),
  layers.flatten(),
  layers.dense({ name: 'dense', units: 5, activation: 'tanh', ...frozen }),
  layers.dense({ name: 'head', units: 3 }),
];

testGradients(
  'gradients of biases beside frozen kernels match central differences',
  () => [{ name: 'every layer with a kernel', inputShape: [1, 6, 6], layers: chain(), samples: 19 }],
  89,
);

test('training changes biases beside frozen kernels, and no bit of these, averages or decay notwithstanding', async (t) => {
  for (const average of [undefined, averages.ema({ decay: 0.7 }), averages.lookahead({ steps: 2 })]) {
    const model = sequential({ inputShape: [1, 6, 6], seed: 4 }, chain());
    model.compile({
      optimizer: optimizers.adam({ learningRate: 0.01, weightDecay: 0.1, ...(average && { average }) }),
      loss: 'sparseCategoricalCrossentropy',
    });
    const before = await model.getWeights();
    await model.fit(pictures(50), { epochs: 2 });
    const after = await model.getWeights();
    for (const [name, { data }] of Object.entries(after)) {
      const stays = /kernel$/i.test(name) && !name.startsWith('head');
      t.is(
        data.every((value, i) => Object.is(value, before[name]?.data[i])),
        stays,
        name,
      );
    }
  }
});

test('nothing is computed for the gradients of frozen kernels', (t) => {
  const network = new TestNetwork([1, 6, 6], chain());
  const { calls } = network.description('train', 16, { optimizer: optimizers.sgd() });
  const weightGradients = calls.filter(({ op }) => /eightGradient$/.test(op)).map(({ op, label }) => `${label} ${op}`);
  t.deepEqual(weightGradients, ['head denseWeightGradient']);
});

test('saved models keep their kernels frozen', async (t) => {
  const folder = await temporaryFolder(t);
  const model = sequential({ inputShape: [1, 6, 6], seed: 4 }, chain());
  await model.save(folder);
  const loaded = await loadModel(folder);
  t.deepEqual(
    loaded.graph.nodes.map(({ layer }) => layer.config()),
    model.graph.nodes.map(({ layer }) => layer.config()),
  );
  t.deepEqual(
    loaded.graph.parameters.filter(({ trainable }) => !trainable).map(({ name }) => name),
    [
      'conv/kernel',
      'depthwise/kernel',
      'separable/depthwiseKernel',
      'separable/pointwiseKernel',
      'transposed/kernel',
      'dense/kernel',
    ],
  );
  t.false('kernelTrainable' in layers.dense({ units: 1, kernelTrainable: true }).config());
});

test('a layer that is part of a network cannot be frozen any more: its models would not know', (t) => {
  const dense = layers.dense({ units: 1 });
  sequential({ inputShape: [2] }, [dense, layers.dense({ units: 1 })]);
  for (const [name, value] of [
    ['trainable', false],
    ['learningRateFactor', 0.1],
    ['kernelTrainable', false],
  ] as const) {
    t.throws(() => Object.assign(dense, { [name]: value }), {
      instanceOf: InvalidArgumentError,
      message: new RegExp(`^layers\\.dense: expected ${name} among the options .* setWeights`),
    });
  }
  t.throws(() => Object.assign(dense, { units: 5 }), { instanceOf: TypeError });
  t.true(dense.trainable);
  t.is(dense.learningRateFactor, 1);
  // The same layer elsewhere, as applied twice.
  t.notThrows(() => sequential({ inputShape: [2] }, [dense]));
});

test('kernelTrainable is true or false', (t) => {
  for (const kernelTrainable of ['bias', 0, null] as never[]) {
    t.throws(() => layers.dense({ units: 1, kernelTrainable }), {
      instanceOf: InvalidArgumentError,
      message: /^layers\.dense: expected true or false for kernelTrainable/,
    });
  }
});
