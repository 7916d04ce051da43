import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { input, layers, loadModel, type Model, model } from 'cnnative';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** Two branches through the same layers. */
function siamese(trunk: readonly (() => ReturnType<typeof layers.dense>)[]): Model {
  const inputs = [input({ shape: [4] }), input({ shape: [4] })];
  const made = trunk.map((make) => make());
  const branches = inputs.map((x) => made.reduce((tensor, layer) => layer.apply(tensor), x));
  return model({ inputs, outputs: layers.concatenate().apply(branches), seed: 5 });
}

const dense = (name?: string) => () => layers.dense({ units: 4, ...(name !== undefined && { name }) });

for (const [what, trunk, names] of [
  ['layers of one kind without names', [dense(), dense()], ['dense', 'dense_1', 'dense_2', 'dense_3']],
  ['a name that another layer would get', [dense('d'), dense('d_1')], ['d', 'd_1', 'd_2', 'd_1_1']],
  ['a name like that of its kind', [dense(), dense('dense')], ['dense_1', 'dense', 'dense_2', 'dense_3']],
] as const) {
  test(`a model that applies several layers twice is the same when loaded: ${what}`, async (t) => {
    const network = siamese(trunk);
    const folder = await temporaryFolder(t);
    await network.save(folder);
    const description = await readFile(join(folder, 'model.json'), 'utf8');
    const { nodes } = JSON.parse(description) as { nodes: { name: string }[] };
    t.deepEqual(nodes.map(({ name }) => name).sort(), [...names, 'concatenate'].sort());
    const again = await loadModel(folder);
    t.is(again.summary(), network.summary());
    const samples = [Float32Array.of(1, 2, 3, 4), Float32Array.of(4, 3, 2, 1)];
    t.deepEqual(await again.predict(samples), await network.predict(samples));
    const second = await temporaryFolder(t);
    await again.save(second);
    t.is(await readFile(join(second, 'model.json'), 'utf8'), description);
  });
}
