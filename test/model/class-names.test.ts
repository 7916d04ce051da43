import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { layers, loadModel, sequential } from 'cnnative';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const network = (units = 2) => sequential({ inputShape: [3] }, [layers.dense({ units })]);

test('names of classes are saved with the model, and models without load as before', async (t) => {
  const folder = await temporaryFolder(t);
  const model = network();
  t.is(model.classNames, undefined);
  await model.save(folder);
  t.false((await readFile(join(folder, 'model.json'), 'utf8')).includes('classNames'));
  t.is((await loadModel(folder)).classNames, undefined);
  model.classNames = ['cat', 'dog'];
  await model.save(folder);
  t.deepEqual((await loadModel(folder)).classNames, ['cat', 'dog']);
});

test('there is a name for each class', async (t) => {
  const model = network();
  for (const names of [['cat'], ['cat', 3], 'ab', new Array(2)]) {
    const error = t.throws(() => {
      model.classNames = names as string[];
    });
    t.regex(
      error?.message ?? '',
      /^model\.classNames: expected 2 strings, one for each class, for classNames, received/,
    );
  }
  const single = network(1);
  single.classNames = ['no', 'yes'];
  t.deepEqual(single.classNames, ['no', 'yes']);

  const folder = await temporaryFolder(t);
  await model.save(folder);
  const path = join(folder, 'model.json');
  const description = JSON.parse(await readFile(path, 'utf8')) as object;
  await writeFile(path, JSON.stringify({ ...description, classNames: ['cat'] }));
  await t.throwsAsync(loadModel(folder), { code: 'ERR_MODEL_FILE', message: /expected 2 strings/ });
});

test("a run's folder holds the model in model/", async (t) => {
  const folder = await temporaryFolder(t);
  await network().save(join(folder, 'model'));
  t.deepEqual((await loadModel(folder)).outputShape, [2]);
});
