import test from 'ava';
import { input, layers, loadModel, model } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { randomValues } from '../helpers/values.js';

test('normalising, merging and rearranging layers survive with every option', async (t) => {
  const image = input({ shape: [4, 6, 5] });
  const conv = () => layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same' }).apply(image);
  const branches = [
    layers.layerNormalization({ epsilon: 1e-3, scale: false }).apply(conv()),
    layers.groupNormalization({ groups: 2, epsilon: 1e-4, center: false }).apply(conv()),
    layers.instanceNormalization({ epsilon: 1e-2 }).apply(conv()),
    layers.localResponseNormalization({ size: 3, alpha: 0.5, beta: 0.6, k: 2 }).apply(conv()),
  ];
  const merged = [
    layers.multiply({ name: 'product' }).apply(branches),
    layers.average().apply(branches),
    layers.maximum().apply(branches),
  ];
  const joined = layers.concatenate({ axis: 2 }).apply(merged);
  const turned = layers.permute({ axes: [2, 0, 1] }).apply(layers.reshape({ targetShape: [6, -1, 5] }).apply(joined));
  const plain = layers.batchNormalization({ momentum: 0.5, epsilon: 1e-3, scale: false, center: false }).apply(turned);
  const outputs = layers.concatenate().apply([turned, plain]);
  const made = model({ inputs: image, outputs, seed: 3 });
  const folder = await temporaryFolder(t);
  await made.save(folder);
  const again = await loadModel(folder);
  const outline = ({ graph }: typeof made) =>
    graph.nodes.map(({ name, inputs, layer, outputShape }) => ({ name, inputs, outputShape, ...layer.config() }));
  t.deepEqual(outline(again), outline(made));
  for (const samples of [2, 20]) {
    const values = randomValues(new Philox(995), samples * 4 * 6 * 5);
    t.deepEqual(await again.predict(values), await made.predict(values));
  }
});
