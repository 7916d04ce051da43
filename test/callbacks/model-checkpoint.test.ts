import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  callbacks,
  InvalidArgumentError,
  layers,
  loadModel,
  ModelFileError,
  optimizers,
  schedules,
  sequential,
} from 'cnnative';
import { blobs, smallModel } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { fingerprint } from '../helpers/trained.js';
import { epochEvent, TrainingLike, throughFile } from '../helpers/training-like.js';

test('a folder an epoch, named after its numbers', async (t) => {
  const folder = await temporaryFolder(t);
  const saving = callbacks.modelCheckpoint({ path: join(folder, 'a', '{epoch:03d}-{step}-{valLoss:.2f}-{loss}') });
  const training = new TrainingLike();
  saving.onTrainBegin(training);
  await training.play(saving, [2, 1.2345, 3]);
  t.deepEqual((await readdir(join(folder, 'a'))).sort(), ['001-10-2.00-1', '002-20-1.23-0.5000', '003-30-3.00-0.3333']);
  t.is(saving.lastPath, join(folder, 'a', '003-30-3.00-0.3333'));
  t.is(await fingerprint(await loadModel(saving.lastPath as string)), await fingerprint(training.model));
});

test('the best alone is kept, and is kept when resumed', async (t) => {
  const path = join(await temporaryFolder(t), 'best');
  const options = { path, saveBestOnly: true };
  let saving = callbacks.modelCheckpoint(options);
  saving.onTrainBegin(new TrainingLike());
  const prints: string[] = [];
  for (const [i, valLoss] of [3, NaN, 1, 2, 1].entries()) {
    if (i === 3) {
      const state = throughFile(saving.state());
      saving = callbacks.modelCheckpoint(options);
      saving.onTrainBegin(new TrainingLike());
      saving.restore(state);
    }
    const model = smallModel({ seed: 20 + i });
    prints.push(await fingerprint(model));
    await saving.onEpochEnd(epochEvent(i + 1, { valLoss }), new TrainingLike({ model }));
    t.is(await fingerprint(await loadModel(path)), prints[i < 2 ? 0 : 2] as string);
  }
});

test('what a killed training left beside is written over', async (t) => {
  const folder = await temporaryFolder(t);
  await mkdir(join(folder, 'm.part'));
  await writeFile(join(folder, 'm.part', 'rubbish'), '');
  await callbacks.modelCheckpoint({ path: join(folder, 'm/') }).onEpochEnd(epochEvent(1), new TrainingLike());
  t.deepEqual(await readdir(folder), ['m']);
  t.deepEqual((await readdir(join(folder, 'm'))).sort(), ['model.json', 'weights.safetensors']);
});

test('another model in the folder gives way, other files stay', async (t) => {
  const path = await temporaryFolder(t);
  await sequential({ inputShape: [3] }, [layers.dense({ units: 2 })]).save(path);
  await writeFile(join(path, 'notes.txt'), 'mine');
  const training = new TrainingLike();
  await callbacks.modelCheckpoint({ path }).onEpochEnd(epochEvent(1), training);
  t.deepEqual((await readdir(path)).sort(), ['model.json', 'notes.txt', 'weights.safetensors']);
  t.is(await fingerprint(await loadModel(path)), await fingerprint(training.model));
});

test('a folder that cannot be made is an error, and nothing is left', async (t) => {
  const folder = await temporaryFolder(t);
  await writeFile(join(folder, 'file'), '');
  for (const path of [join(folder, 'file', 'm'), join(folder, 'file')]) {
    await t.throwsAsync(async () => callbacks.modelCheckpoint({ path }).onEpochEnd(epochEvent(1), new TrainingLike()), {
      instanceOf: ModelFileError,
      message: /expected a folder that can be written/,
    });
  }
  t.deepEqual(await readdir(folder), ['file']);
});

test('a model that cannot be saved is refused before the first step', async (t) => {
  const path = join(await temporaryFolder(t), 'm');
  const model = smallModel();
  const optimizer = optimizers.sgd({ learningRate: schedules.custom(() => 0.1) });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy' });
  const before = await fingerprint(model);
  await t.throwsAsync(model.fit(blobs(20), { callbacks: [callbacks.modelCheckpoint({ path })] }), {
    instanceOf: InvalidArgumentError,
    message: /expected a schedule that can be written down, .* received a function\. .* training\.learningRateFactor/,
  });
  t.is(await fingerprint(model), before);
});

test('rejects fields that have no value', async (t) => {
  for (const path of ['{epoch', 'a{}', '{epoch:2x}', '']) {
    t.throws(() => callbacks.modelCheckpoint({ path }), { instanceOf: InvalidArgumentError, message: /path/ });
  }
  const saving = callbacks.modelCheckpoint({ path: 'x/{valLoss}' });
  const training = new TrainingLike({ numbers: ['loss', 'accuracy'] });
  t.throws(() => saving.onTrainBegin(training), {
    instanceOf: InvalidArgumentError,
    message: /expected the fields \{epoch\}, \{step\}, \{loss\}, \{accuracy\} in path, received \{valLoss\}/,
  });
});

test('a field that every object has is none', async (t) => {
  const folder = await temporaryFolder(t);
  const checkpoint = callbacks.modelCheckpoint({ path: join(folder, 'm-{constructor}') });
  await t.throwsAsync(smallModel().fit(blobs(60), { callbacks: [checkpoint] }), {
    instanceOf: InvalidArgumentError,
    message: /received \{constructor\}/,
  });
});
