import test from 'ava';
import {
  initializers,
  type Layer,
  layers,
  loadModel,
  type Model,
  optimizers,
  regularizers,
  sequential,
} from 'cnnative';
import { noise } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { trained } from '../helpers/trained.js';

const set = noise(20, [2, 6, 6], 3);

const CHAIN = (): Layer[] => [
  layers.gaussianNoise({ stddev: 0.1, seed: 4 }),
  layers.conv2d({
    filters: 2,
    kernelSize: 3,
    kernelInitializer: Float32Array.from({ length: 36 }, (_, i) => i / 7),
    biasInitializer: 'ones',
    kernelRegularizer: regularizers.l2(0.01),
  }),
  layers.spatialDropout2d({ rate: 0.25 }),
  layers.flatten(),
  layers.dropout({ rate: 0.5, seed: 2 ** 53 - 1 }),
  layers.dense({
    units: 4,
    kernelInitializer: initializers.orthogonal({ gain: 2 }),
    biasInitializer: initializers.randomNormal({ stddev: 1e-4 }),
    biasRegularizer: { l1: 0.5 },
  }),
  layers.dense({ units: 4, kernelInitializer: 'identity', biasInitializer: { type: 'constant', value: 0.1 } }),
  layers.dense({ units: 3 }),
];

function compiled(): Model {
  const model = sequential({ inputShape: [2, 6, 6], seed: 6 }, CHAIN());
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.05 }), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

const configs = (model: Model) => model.graph.nodes.map(({ layer }) => layer.config());

test('initialisers, regularisers and random layers survive saving', async (t) => {
  const model = compiled();
  const folder = await temporaryFolder(t);
  await model.save(folder);
  const again = await loadModel(folder);
  t.deepEqual(configs(again), configs(model));
  t.deepEqual(await again.evaluate(set), await model.evaluate(set));
  // The same penalties, and the same masks.
  t.deepEqual(await trained(again, set, { epochs: 2 }), await trained(model, set, { epochs: 2 }));
});

test('a config holds the options in effect as plain data', (t) => {
  const [noisy, convolution, , , , dense] = configs(compiled());
  t.deepEqual(noisy, { type: 'gaussianNoise', stddev: 0.1, seed: 4 });
  const values = [...Float32Array.from({ length: 36 }, (_, i) => i / 7)];
  t.deepEqual(convolution?.kernelInitializer, { type: 'values', values });
  t.deepEqual(convolution?.biasInitializer, { type: 'ones' });
  t.deepEqual(convolution?.kernelRegularizer, { l1: 0, l2: 0.01 });
  t.deepEqual(dense?.kernelInitializer, { type: 'orthogonal', gain: 2 });
  t.deepEqual(dense?.biasInitializer, { type: 'randomNormal', mean: 0, stddev: 1e-4 });
  t.deepEqual(dense?.biasRegularizer, { l1: 0.5, l2: 0 });
});

test('a layer without these options is described as before there were any', (t) => {
  const config = layers.dense({ units: 3 }).config();
  t.deepEqual(Object.keys(config), ['type', 'units', 'activation', 'useBias']);
});
