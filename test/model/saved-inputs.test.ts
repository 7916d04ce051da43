import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { info, input, layers, loadModel, ModelFileError, model } from 'cnnative';
import { smallModel } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { pictureAndRow, signs } from '../helpers/two-inputs.js';

async function describe(folder: string): Promise<Record<string, unknown>> {
  return JSON.parse(await readFile(join(folder, 'model.json'), 'utf8')) as Record<string, unknown>;
}

test('a saved model with two inputs predicts the same bits and trains on', async (t) => {
  const network = pictureAndRow();
  await network.fit(signs(40));
  const folder = await temporaryFolder(t);
  await network.save(folder);
  const again = await loadModel(folder);
  t.deepEqual(again.inputs, network.inputs);
  t.is(again.summary(), network.summary());
  t.deepEqual(await again.getWeights(), await network.getWeights());
  for (const isa of info().isas) {
    t.deepEqual(await again.predict(signs(20).images, { isa }), await network.predict(signs(20).images, { isa }));
  }
  t.deepEqual(await again.evaluate(signs(20)), await network.evaluate(signs(20)));
  const { history } = await again.fit(signs(200), { epochs: 10 });
  t.true((history.accuracy?.at(-1) ?? 0) > 0.9);
  const second = await temporaryFolder(t);
  await (await loadModel(folder)).save(second);
  t.deepEqual(await describe(second), await describe(folder));
});

test('a model with one unnamed input is saved as older readers know it', async (t) => {
  const folder = await temporaryFolder(t);
  await smallModel().save(folder);
  const description = await describe(folder);
  t.is(description.formatVersion, 1);
  t.deepEqual(description.input, { shape: [2], scale: 1 / 255, mean: [0], std: [1] });
  t.false('inputs' in description);
});

test('several inputs, and one with a name, are saved as a list', async (t) => {
  const folder = await temporaryFolder(t);
  await pictureAndRow().save(folder);
  const description = await describe(folder);
  t.is(description.formatVersion, 2);
  t.false('input' in description);
  t.deepEqual(description.inputs, [
    { name: 'picture', shape: [1, 2, 2], scale: 1 / 255, mean: [0.5], std: [0.25] },
    { name: 'row', shape: [3], scale: 1 / 255, mean: [0], std: [1] },
  ]);

  const named = input({ shape: [2], name: 'row' });
  await model({ inputs: named, outputs: layers.flatten().apply(named) }).save(folder);
  t.is((await describe(folder)).formatVersion, 2);
  const again = await loadModel(folder);
  t.is(again.inputs[0]?.name, 'row');
  t.deepEqual([...(await again.predict([1, 2])).data], [1, 2]);
});

/** Loading a changed description must fail, name the file and match the pattern. */
async function refused(t: ExecutionContext, change: (d: Record<string, unknown>) => void, pattern: RegExp) {
  const folder = await temporaryFolder(t);
  await pictureAndRow().save(folder);
  const description = await describe(folder);
  change(description);
  await writeFile(join(folder, 'model.json'), JSON.stringify(description));
  const error = await t.throwsAsync(loadModel(folder), { instanceOf: ModelFileError });
  t.true(error?.message.startsWith('loadModel: expected '), error?.message);
  t.true(error?.message.includes(join(folder, 'model.json')), error?.message);
  t.regex(error?.message ?? '', pattern);
}

test('rejects inputs of a saved model that are none', async (t) => {
  type Change = (d: Record<string, unknown>, inputs: Record<string, unknown>[]) => unknown;
  const nodes = (d: Record<string, unknown>) => d.nodes as Record<string, unknown>[];
  const cases: [change: Change, pattern: RegExp][] = [
    [(d) => delete d.inputs, /received no inputs/],
    [(d) => Object.assign(d, { inputs: [] }), /received no inputs/],
    [(d) => Object.assign(d, { inputs: null }), /received no inputs/],
    [(d) => Object.assign(d, { inputs: 7 }), /missing parts/],
    [(d) => Object.assign(d, { inputs: [null, null] }), /missing parts/],
    [(d) => Object.assign(d, { formatVersion: 1 }), /shape, received undefined/],
    [(d, [first]) => Object.assign(d, { inputs: [first] }), /dense_1 reading \["row"\]/],
    [(d, [a, b]) => Object.assign(d, { inputs: [b, b, a] }), /'row' twice/],
    [(d, both) => Object.assign(d, { inputs: [...both, { name: 'idle', shape: [2] }] }), /do not read idle/],
    [(_, [first]) => delete first?.name, /name, received undefined/],
    [(_, [first]) => Object.assign(first ?? {}, { name: 'a b' }), /name, received "a b"/],
    [(d, both) => Object.assign(d, { inputs: [...both, { name: 'dense', shape: [2] }] }), /'dense' twice/],
    [(_, [first]) => Object.assign(first ?? {}, { shape: [0] }), /shape, received \[0\]/],
    [(_, [first]) => Object.assign(first ?? {}, { std: 0 }), /std, received 0/],
    [(_, [first]) => Object.assign(first ?? {}, { depth: 1 }), /"depth"/],
    [(d) => Object.assign(nodes(d)[0] ?? {}, { inputs: ['column'] }), /flatten reading \["column"\]/],
  ];
  for (const [change, pattern] of cases) {
    await refused(t, (d) => change(d, d.inputs as Record<string, unknown>[]), pattern);
  }
});
