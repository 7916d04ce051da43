import test from 'ava';
import { input, layers, loadModel, model, ops, sequential } from 'cnnative';
import { keptBy } from '#lib/ops/kept-parameters.js';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { pictureAndRow } from '../helpers/two-inputs.js';
import { randomValues } from '../helpers/values.js';

function chain() {
  return sequential({ inputShape: [2, 7, 6], seed: 3 }, [
    layers.conv2d({ filters: 5, kernelSize: 3, activation: 'relu', name: 'first' }),
    layers.batchNormalization(),
    layers.conv2d({ filters: 5, kernelSize: 3, groups: 5, padding: 'same' }),
    layers.conv2d({ filters: 17, kernelSize: 1, activation: 'tanh' }),
    layers.maxPooling2d(),
    layers.flatten(),
    layers.dense({ units: 4, activation: 'softmax' }),
  ]);
}

for (const samples of [1, 3, 19]) {
  testEachIsa(`activations of ${samples} samples are what each layer makes of the one before`, async (t, isa) => {
    const network = chain();
    const x = randomValues(new Philox(samples), samples * 84);
    const found = await network.activations(x, { isa, batchSize: 16 });
    t.deepEqual(
      Object.keys(found),
      network.graph.nodes.map(({ name }) => name),
    );
    const weights = await network.getWeights();
    let before = { data: x, shape: [samples, 2, 7, 6] };
    for (const { name, layer } of network.graph.nodes) {
      const { type, ...config } = layer.config();
      const given: Record<string, unknown> = { ...config };
      for (const option of keptBy(type).follow) delete given[option];
      for (const [key, weight] of Object.entries(weights)) {
        if (key.startsWith(`${name}/`)) given[key.slice(name.length + 1)] = weight;
      }
      const op = ops[type as 'conv2d'] as (x: unknown, given: unknown) => Promise<typeof before>;
      const expected = await op(before, { ...given, isa });
      const { data, shape } = found[name] as { data: Float32Array; shape: number[] };
      t.deepEqual(shape, expected.shape);
      t.is(data.length, sizeOf(shape));
      isClose(t, name, data, expected.data, 1e-5);
      before = expected;
    }
    isClose(t, 'the prediction', before.data, (await network.predict(x, { isa })).data, 1e-5);
  });
}

test('activations of a graph with branches and two inputs come from the right samples', async (t) => {
  const network = pictureAndRow();
  const picture = randomValues(new Philox(1), 5 * 4);
  const row = randomValues(new Philox(2), 5 * 3);
  const found = await network.activations([picture, row]);
  const { dense, dense_1, add, activation } = found;
  t.deepEqual(found.flatten, { data: picture, shape: [5, 4] });
  const sum = Float32Array.from(dense?.data ?? [], (value, i) => value + (dense_1?.data[i] ?? 0));
  t.deepEqual(add, { data: sum, shape: [5, 12] });
  isClose(t, 'tanh', activation?.data ?? [], sum.map(Math.tanh), 1e-6);
});

test('a layer applied twice has two activations, and an activation that does nothing is that of the layer before', async (t) => {
  const x = input({ shape: [3] });
  const twice = layers.dense({ units: 3, name: 'twice' });
  const outputs = layers.activation({ activation: 'linear' }).apply(twice.apply(twice.apply(x)));
  const found = await model({ inputs: x, outputs }).activations([1, 2, 3]);
  t.deepEqual(Object.keys(found), ['twice', 'twice_1', 'activation']);
  t.deepEqual(found.activation, found.twice_1);
  t.notDeepEqual(found.twice, found.twice_1);
});

test('activations of no samples are empty, and bad samples and options are refused', async (t) => {
  const network = chain();
  const { first } = await network.activations(new Float32Array(0));
  t.deepEqual(first, { data: new Float32Array(0), shape: [0, 5, 5, 4] });
  await t.throwsAsync(network.activations(new Float32Array(83)), {
    code: 'ERR_SHAPE',
    message: /model\.activations.*84/,
  });
  // @ts-expect-error: no such option
  await t.throwsAsync(network.activations([], { memoryLimit: 5 }), { code: 'ERR_INVALID_ARGUMENT' });
});

test('a loaded model has the same activations', async (t) => {
  const folder = await temporaryFolder(t);
  const network = chain();
  await network.save(folder);
  const x = randomValues(new Philox(5), 84);
  t.deepEqual(await (await loadModel(folder)).activations(x), await network.activations(x));
});
