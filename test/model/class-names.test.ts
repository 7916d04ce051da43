import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import { type Dataset, datasets, layers, loadModel, optimizers, sequential } from 'cnnative';
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

/** Three samples of two classes. */
const named = (classNames?: string[]): Dataset =>
  datasets.fromArrays({
    images: new Float32Array(9),
    labels: [0, 1, 1],
    shape: [3],
    classes: 2,
    ...(classNames && { classNames }),
  });

const compiled = () => {
  const model = network();
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
};

test('sets of other classes than those trained on are refused by name', async (t) => {
  const [pets, wild, plain] = [named(['cat', 'dog']), named(['dog', 'elk']), named()];
  const model = compiled();
  const refuses = (call: Promise<unknown>, message: RegExp) =>
    t.throwsAsync(call, { code: 'ERR_INVALID_ARGUMENT', message });
  const ofSets =
    /^model\.fit validationData: expected classNames as the training set has them, "cat" for class 0, received "dog"\. Give sets of/;
  await refuses(model.fit(pets, { validationData: wild }), ofSets);
  const streamed = datasets.fromBatches(() => [], {
    shape: [3],
    classNames: ['cat', 'elk'],
    size: 3,
    element: 'float32',
  });
  await refuses(model.fit(pets, { validationData: streamed }), /"dog" for class 1, received "elk"/);
  await model.fit(pets, { validationData: pets });
  await model.fit(plain, { validationData: wild });
  await model.fit(pets, { validationData: plain });
  await model.evaluate(wild);

  model.classNames = ['cat', 'dog'];
  await model.fit(pets, { validationData: plain });
  await model.evaluate(plain);
  const ofModel =
    'expected classNames as the model has them, "cat" for class 0, received "dog"\\. .* or set model\\.classNames';
  await refuses(model.evaluate(wild), new RegExp(`^model\\.evaluate: ${ofModel}`));
  await refuses(model.losses(wild), new RegExp(`^model\\.losses: ${ofModel}`));
  await refuses(model.fit(wild), new RegExp(`^model\\.fit: ${ofModel}`));
  await refuses(model.fit(plain, { validationData: wild }), new RegExp(`^model\\.fit validationData: ${ofModel}`));
  model.classNames = wild.classNames;
  await model.fit(wild, { validationData: wild });
});

test('names beyond those of the other list say nothing against it', async (t) => {
  const compiled = (units: number) => {
    const model = sequential({ inputShape: [3] }, [layers.dense({ units })]);
    model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
    return model;
  };
  const images = new Float32Array(9);
  const three = datasets.fromArrays({ images, labels: [0, 1, 2], shape: [3], classNames: ['cat', 'dog', 'elk'] });
  const two = datasets.subset(three, { classes: [0, 1] });
  const small = compiled(2);
  small.classNames = ['cat', 'dog'];
  await small.fit(two, { validationData: two });
  await t.throwsAsync(small.evaluate(three), { message: /labels from 0 to 1/ });
  const large = compiled(3);
  large.classNames = three.classNames;
  await large.fit(three, { validationData: named(['cat', 'dog']) });
  await t.throwsAsync(large.evaluate(named(['cat', 'elk'])), { message: /"dog" for class 1, received "elk"/ });
  // Of two sets one is made, and so one list.
  t.throws(() => datasets.concatenate([named(['cat', 'dog']), three]), { message: /none for class 2, received "elk"/ });
});

test('names are compared for evaluations of views too, and not where a loss reads targets', async (t) => {
  const views = { flip: true };
  const model = sequential({ inputShape: [1, 2, 2] }, [layers.flatten(), layers.dense({ units: 2 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  model.classNames = ['cat', 'dog'];
  const one = { images: new Float32Array(4), labels: [0], shape: [1, 2, 2], targets: [0, 1], targetShape: [2] };
  const turned = datasets.fromArrays({ ...one, classNames: ['dog', 'cat'] });
  await t.throwsAsync(model.evaluate(turned, { views }), { message: /"cat" for class 0, received "dog"/ });
  model.compile({ optimizer: optimizers.sgd(), loss: 'meanSquaredError' });
  await t.notThrowsAsync(model.evaluate(turned, { views }));
  await t.notThrowsAsync(model.fit(turned, { validationData: turned }));
});

test("a run's folder holds the model in model/", async (t) => {
  const folder = await temporaryFolder(t);
  await network().save(join(folder, 'model'));
  t.deepEqual((await loadModel(folder)).outputShape, [2]);
});
