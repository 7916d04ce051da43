import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { type Callback, callbacks, InvalidArgumentError, loadModel, type Model, optimizers, schedules } from 'cnnative';
import { blobs, smallModel } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { fingerprint } from '../helpers/trained.js';

const EPOCHS = 6;
const STEPS_PER_EPOCH = 4;

function newModel(): Model {
  const model = smallModel();
  const learningRate = schedules.warmUp({ schedule: schedules.cosine({ learningRate: 0.2 }), duration: 0.5 });
  const optimizer = optimizers.sgd({ learningRate, momentum: 0.9 });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

/** All that keep a state, anew. `halt` ends the training at this step, as a kill would. */
function everything(folder: string, halt?: number) {
  return [
    callbacks.earlyStopping({ patience: 2, monitor: 'loss', mode: 'max', restoreBestWeights: true, startFromEpoch: 4 }),
    callbacks.reduceLROnPlateau({ patience: 1, monitor: 'loss', mode: 'max', factor: 0.5 }),
    callbacks.modelCheckpoint({ path: join(folder, 'best'), saveBestOnly: true }),
    callbacks.csvLogger({ path: join(folder, 'log.csv') }),
    callbacks.jsonLines({ path: join(folder, 'log.jsonl'), logEvery: 1 }),
    callbacks.tensorBoard({ logDir: join(folder, 'board'), updateFreq: 1 }),
    callbacks.custom({
      onStep: ({ step }) => {
        if (step === halt) throw new Error('halt');
      },
      state: () => 0,
    }),
  ];
}

async function run(model: Model, folder: string, halt?: number): Promise<unknown> {
  const data = blobs(64);
  const options = { epochs: EPOCHS, batchSize: 16, validationData: blobs(30, 1), callbacks: everything(folder, halt) };
  const checkpoint = { folder: join(folder, 'checkpoints'), everySteps: 3 };
  return model.fit(data, { ...options, checkpoint, resume: true }).catch((error: Error) => error.message);
}

/** Files without the time that things took. */
async function written(t: ExecutionContext, folder: string) {
  const rows = (await readFile(join(folder, 'log.csv'), 'utf8'))
    .trim()
    .split('\n')
    .map((row) => row.split(',').slice(0, -2));
  const lines = (await readFile(join(folder, 'log.jsonl'), 'utf8'))
    .trim()
    .split('\n')
    .map((line) => {
      const { seconds, imagesPerSecond, ...rest } = JSON.parse(line);
      return rest;
    });
  const sizes = await Promise.all(
    ['train', 'validation'].map(async (part) => {
      const [name, ...others] = await readdir(join(folder, 'board', part));
      t.deepEqual(others, []);
      return (await readFile(join(folder, 'board', part, name as string))).length;
    }),
  );
  return { rows, lines, sizes, best: await fingerprint(await loadModel(join(folder, 'best'))) };
}

test('a training with every callback goes on as one never stopped, wherever it was', async (t) => {
  const root = await temporaryFolder(t);
  const straight = newModel();
  await run(straight, join(root, 'straight'));
  const expected = await written(t, join(root, 'straight'));
  t.is(expected.rows.length, EPOCHS + 1);
  t.is(expected.lines.length, EPOCHS * STEPS_PER_EPOCH + EPOCHS);
  for (const halt of [4, 6, 9, 13, 23]) {
    const folder = join(root, String(halt));
    t.is(await run(newModel(), folder, halt), 'halt');
    const resumed = newModel();
    t.not(await run(resumed, folder), 'halt');
    t.deepEqual(await written(t, folder), expected, `${halt}`);
    t.is(await fingerprint(resumed), await fingerprint(straight), `${halt}`);
  }
});

test('early stopping ends a fit, and the best weights come back', async (t) => {
  const model = newModel();
  const stopping = callbacks.earlyStopping({ monitor: 'valLoss', mode: 'max', patience: 2, restoreBestWeights: true });
  const validationData = blobs(30, 1);
  const history = await model.fit(blobs(64), { epochs: 50, batchSize: 16, validationData, callbacks: [stopping] });
  t.true(history.epoch.length < 50);
  t.is(stopping.stoppedEpoch, history.epoch.length);
  t.is((await model.evaluate(validationData)).loss, stopping.best?.value as number);
});

test('a loss that is not finite stops a fit that goes on regardless', async (t) => {
  const model = smallModel();
  const data = blobs(160);
  data.images[77] = NaN;
  const stopping = callbacks.terminateOnNaN();
  await model.fit(data, { epochs: 5, batchSize: 16, shuffle: false, terminateOnNaN: false, callbacks: [stopping] });
  t.is(stopping.stoppedStep, 3);
});

test('what epochs have no number for is missed before the first step', async (t) => {
  let steps = 0;
  const counting: Callback = { onStep: () => void steps++ };
  const folder = await temporaryFolder(t);
  for (const callback of [
    callbacks.earlyStopping(),
    callbacks.reduceLROnPlateau({ monitor: 'valAccuracy' }),
    callbacks.modelCheckpoint({ path: join(folder, 'm'), saveBestOnly: true }),
    callbacks.modelCheckpoint({ path: join(folder, '{valLoss:.2f}') }),
  ]) {
    await t.throwsAsync(smallModel().fit(blobs(20), { callbacks: [counting, callback] }), {
      instanceOf: InvalidArgumentError,
      message: /Those of a validation need validationData/,
    });
  }
  t.is(steps, 0);
});

test('the numbers a training names are those of its epochs', async (t) => {
  const model = smallModel();
  const validationData = blobs(9);
  for (const metrics of [[], ['accuracy'], ['f1', 'precision', 'confusionMatrix', 'accuracy']] as const) {
    model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy', metrics: [...metrics] });
    for (const options of [{}, { validationData }]) {
      let names: readonly string[] = [];
      const look: Callback = {
        onTrainBegin: ({ numbers }) => {
          names = numbers;
        },
      };
      const { history } = await model.fit(blobs(20), { ...options, callbacks: [look] });
      t.deepEqual([...names].sort(), Object.keys(history).sort());
    }
  }
});

test('callbacks as plain data are those of their types', async (t) => {
  const folder = await temporaryFolder(t);
  const path = join(folder, 'log.csv');
  const { epoch } = await smallModel().fit(blobs(20), {
    epochs: 5,
    callbacks: [
      { type: 'earlyStopping', monitor: 'loss', mode: 'max' },
      { type: 'csvLogger', path },
    ],
  });
  t.deepEqual(epoch, [1, 2]);
  t.is((await readFile(path, 'utf8')).split('\n').length, 4);
  for (const [callback, message] of [
    [{ type: 'earlyStoping' }, /^model\.fit callbacks\[0\]: expected one of .* received "earlyStoping"/],
    [{ type: 'earlyStopping', patient: 3 }, /received "patient"/],
  ] as const) {
    await t.throwsAsync(smallModel().fit(blobs(20), { callbacks: [callback] }), {
      instanceOf: InvalidArgumentError,
      message,
    });
  }
  // With functions of its own it is one's own, whatever else it has.
  let steps = 0;
  const own = { type: 'mine', onStep: () => void steps++ };
  await smallModel().fit(blobs(20), { batchSize: 10, callbacks: [own as Callback] });
  t.is(steps, 2);
});
