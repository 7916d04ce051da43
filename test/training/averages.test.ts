import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import test, { type ExecutionContext } from 'ava';
import { averages, callbacks, loadModel, type Model, optimizers, TrainingError } from 'cnnative';
import { leftBy, pictures, resumableModel } from '../helpers/resumable.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { fingerprint } from '../helpers/trained.js';

// Epochs of four steps.
const set = pictures(64);
const validationData = pictures(20, 1);
const base = { batchSize: 16, validationData, epochs: 3 } as const;
const averaged = (accumulate = 1): Model =>
  resumableModel(optimizers.adam({ learningRate: 0.02, accumulate, average: averages.ema({ decay: 0.7 }) }));
const raw = (accumulate = 1): Model => resumableModel(optimizers.adam({ learningRate: 0.02, accumulate }));

/** The model after the epochs, one fit each. */
async function after(make: () => Model, epochs: number): Promise<string> {
  const model = make();
  for (let epoch = 0; epoch < epochs; epoch++) await model.fit(set, { ...base, epochs: 1 });
  return fingerprint(model);
}

test('model checkpoints, early stopping and model.save keep the averages', async (t) => {
  const folder = await temporaryFolder(t);
  const model = averaged();
  const stopping = callbacks.earlyStopping({ monitor: 'valLoss', patience: 100, restoreBestWeights: true });
  const saving = callbacks.modelCheckpoint({ path: join(folder, '{epoch}') });
  await model.fit(set, { ...base, callbacks: [stopping, saving] });
  for (const epoch of [1, 2, 3]) {
    t.is(await fingerprint(await loadModel(join(folder, String(epoch)))), await after(averaged, epoch), `${epoch}`);
  }
  t.is(await fingerprint(model), await after(averaged, stopping.best?.epoch ?? 0));
  t.is((await model.evaluate(validationData)).loss, stopping.best?.value as number);
  await model.save(join(folder, 'saved'));
  t.is(await fingerprint(await loadModel(join(folder, 'saved'))), await fingerprint(model));
});

test('a training goes on from the best weights, not from the slow ones of its end', async (t) => {
  const optimizer = optimizers.adam({ learningRate: 0.05, average: averages.lookahead({ steps: 3 }) });
  const model = resumableModel(optimizer);
  const stopping = callbacks.earlyStopping({ monitor: 'valLoss', patience: 100, restoreBestWeights: true });
  await model.fit(set, { ...base, epochs: 4, callbacks: [stopping] });
  t.not(stopping.best?.epoch, 4);
  const kernel = async () => (await model.getWeights())['dense/kernel']?.data;
  const best = await kernel();
  optimizer.learningRate = 0;
  await model.fit(set, { ...base, epochs: 1 });
  t.deepEqual(await kernel(), best);
});

/** Fits until a step aborts; the folder of its checkpoints. */
async function cutAt(t: ExecutionContext, model: Model, step: number): Promise<string> {
  const folder = await temporaryFolder(t);
  const controller = new AbortController();
  const stop = callbacks.custom({
    onStep: (event) => void (event.step === step && controller.abort(new Error('enough'))),
    state: () => 0,
  });
  const options = { ...base, checkpoint: { folder }, callbacks: [stop], signal: controller.signal };
  await t.throwsAsync(model.fit(set, options), { message: 'enough' });
  return folder;
}

// The first update, in step 2, makes the average what the weights are.
for (const step of [4, 5, 7, 10]) {
  test(`aborted in step ${step}, a model has averages, and goes on from the trained weights`, async (t) => {
    const model = averaged(2);
    const folder = await cutAt(t, model, step);
    const plain = raw(2);
    await cutAt(t, plain, step);
    t.not(await fingerprint(model), await fingerprint(plain));
    const whole = averaged(2);
    const { history } = await whole.fit(set, base);
    const resumed = averaged(2);
    const idle = callbacks.custom({ onStep: () => undefined, state: () => 0 });
    const again = await resumed.fit(set, { ...base, checkpoint: { folder }, resume: true, callbacks: [idle] });
    t.deepEqual(await leftBy(resumed, again.history), await leftBy(whole, history));
  });
}

test('a step of numbers that are not finite leaves averages, sums of gradients and counters as before it', async (t) => {
  const images = Float32Array.from(set.images);
  images[36 * 16 * 2 + 5] = Number.NaN; // of the third step, between two updates
  const options = { batchSize: 16, shuffle: false, augment: [{ type: 'verticalFlip' }] } as const;
  const failed = averaged(2);
  const error = await t.throwsAsync(failed.fit({ ...set, images }, options), { instanceOf: TrainingError });
  t.like((error as TrainingError).nonFinite, { step: 3, epoch: 1, place: 'input', layer: 'input' });
  const before = averaged(2);
  await before.fit({ ...set, images }, { ...options, stepsPerEpoch: 2 });
  const left = async (model: Model) => (await leftBy(model, { loss: [] })).stores;
  t.is(await left(failed), await left(before));
});

test('fits at once, with checkpoints and logs of their own, leave what they leave alone', async (t) => {
  const root = await temporaryFolder(t);
  const trainIn = async (name: string, accumulate: number) => {
    const folder = join(root, name);
    const model = averaged(accumulate);
    const logs = [
      callbacks.csvLogger({ path: join(folder, 'log.csv') }),
      callbacks.tensorBoard({ logDir: join(folder, 'board'), updateFreq: 1 }),
    ];
    const checkpoint = { folder: join(folder, 'checkpoints'), everySteps: 3 };
    const { history } = await model.fit(set, { ...base, callbacks: logs, checkpoint });
    t.deepEqual((await readdir(folder)).sort(), ['board', 'checkpoints', 'log.csv']);
    t.is((await readdir(join(folder, 'checkpoints'))).length, 3);
    return leftBy(model, history);
  };
  const kinds = [1, 2, 3];
  const alone = [];
  for (const kind of kinds) alone.push(await trainIn(`alone-${kind}`, kind));
  t.deepEqual(await Promise.all(kinds.map((kind) => trainIn(`together-${kind}`, kind))), alone);
});
