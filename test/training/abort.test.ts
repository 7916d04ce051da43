import { getEventListeners } from 'node:events';
import test from 'ava';
import type { Dataset, Model } from 'cnnative';
import { lossFromName } from '#lib/losses/index.js';
import { traceGraph } from '#lib/model/graph.js';
import { native } from '#lib/native.js';
import { optimizers } from '#lib/optimizers/index.js';
import { compile } from '#lib/program/compile.js';
import { ProgramRun } from '#lib/program/program-run.js';
import { attempts } from '../helpers/attempts.js';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { repeated } from '../helpers/repeated.js';
import { blobs, smallModel } from '../helpers/small.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';
import { fingerprint, trained } from '../helpers/trained.js';

const set = goldenSet(256);
const FOREVER = { epochs: 1_000_000, batchSize: 32 };

/** The model works as before: weights are numbers, it evaluates, predicts, saves nothing half, and trains on. */
async function isUsable(model: Model, data: Dataset): Promise<boolean> {
  const weights = Object.values(await model.getWeights());
  const finite = weights.every(({ data: values }) => values.every(Number.isFinite));
  const { loss } = await model.evaluate(data);
  const { history } = await model.fit(data, { epochs: 2, batchSize: 32 });
  return finite && Number.isFinite(loss) && history.loss.length === 2;
}

test('an aborted fit rejects with the reason and leaves the model usable', async (t) => {
  const model = lenet5();
  const controller = new AbortController();
  const reason = new Error('enough');
  const fit = model.fit(set, { ...FOREVER, signal: controller.signal });
  setTimeout(() => controller.abort(reason), 50);
  t.is(await t.throwsAsync(fit), reason);
  t.true(await isUsable(model, set));
});

test('without a reason of its own the rejection is an AbortError', async (t) => {
  const controller = new AbortController();
  const fit = lenet5().fit(set, { ...FOREVER, signal: controller.signal });
  controller.abort();
  // A DOMException is no Error to ava.
  await t.throwsAsync(fit, { name: 'AbortError', any: true });
  const late = lenet5().fit(set, { ...FOREVER, signal: AbortSignal.timeout(30) });
  await t.throwsAsync(late, { name: 'TimeoutError', any: true });
});

test('a signal aborted before stops everything before it begins', async (t) => {
  const model = lenet5();
  const before = await fingerprint(model);
  const signal = AbortSignal.abort(new Error('never'));
  await t.throwsAsync(model.fit(set, { signal }), { message: 'never' });
  await t.throwsAsync(model.evaluate(set, { signal }), { message: 'never' });
  await t.throwsAsync(model.predict(set.images, { signal }), { message: 'never' });
  t.is(await fingerprint(model), before);
  t.true(await isUsable(model, set));
});

test('an abort in an event, in validation and between epochs stops too', async (t) => {
  for (const when of ['step', 'epoch']) {
    const model = lenet5();
    const controller = new AbortController();
    let epochs = 0;
    const run = async () => {
      const options = { epochs: 5, batchSize: 32, logEvery: 4, validationData: set, signal: controller.signal };
      for await (const event of model.train(set, options)) {
        if (event.event === when) controller.abort(new Error(when));
        if (event.event === 'epoch') epochs++;
      }
    };
    await t.throwsAsync(run(), { message: when });
    t.is(epochs, when === 'epoch' ? 1 : 0);
    t.true(await isUsable(model, set));
  }
  const model = lenet5();
  const controller = new AbortController();
  const evaluation = model.evaluate(repeated(set, 200), { batchSize: 4, threads: 1, signal: controller.signal });
  setImmediate(() => controller.abort(new Error('evaluation')));
  await t.throwsAsync(evaluation, { message: 'evaluation' });
});

test('every step that an aborted training did is told of', async (t) => {
  const data = goldenSet(4000);
  // Some steps are to be done behind our back before it is aborted: the longer we wait, the more of them.
  let wait = 10;
  const behind = await attempts(10, async () => {
    wait *= 2;
    const folder = await temporaryFolder(t);
    const options = { epochs: 2, batchSize: 4, logEvery: 1, checkpoint: { folder } };
    const controller = new AbortController();
    const told: number[] = [];
    let before = 0;
    const run = async () => {
      for await (const event of lenet5().train(data, { ...options, signal: controller.signal })) {
        if (event.event !== 'step') continue;
        told.push(event.step);
        if (controller.signal.aborted) continue;
        before = event.step;
        for (const end = performance.now() + wait; performance.now() < end; );
        controller.abort(new Error('enough'));
      }
    };
    await t.throwsAsync(run(), { message: 'enough' });
    for await (const event of lenet5().train(data, { ...options, resume: true })) {
      if (event.event !== 'resume') continue;
      t.deepEqual(
        told,
        Array.from({ length: event.step }, (_, i) => i + 1),
      );
      return event.step > before ? event.step - before : undefined;
    }
    return t.fail('nothing was resumed');
  });
  t.not(behind, undefined);
});

test('a signal that outlives a fit does it no harm, and keeps nothing alive', async (t) => {
  const controller = new AbortController();
  const { signal } = controller;
  const model = smallModel();
  await model.fit(blobs(50), { epochs: 3, validationData: blobs(20), signal });
  await model.predict(blobs(5).images, { signal });
  for await (const event of model.train(blobs(50), { epochs: 9, signal })) if (event.epoch === 2) break;
  t.is(getEventListeners(signal, 'abort').length, 0);
  controller.abort();
  t.true(await isUsable(model, blobs(50)));
});

test('leaving the loop over train stops it', async (t) => {
  const model = lenet5();
  for await (const event of model.train(set, { ...FOREVER, logEvery: 1 })) {
    if (event.step === 3) break;
  }
  const stopped = await fingerprint(model);
  await new Promise((resolve) => setTimeout(resolve, 30));
  t.is(await fingerprint(model), stopped);
  t.true(await isUsable(model, set));

  const failing = async () => {
    for await (const _ of model.train(set, FOREVER)) throw new Error('of the consumer');
  };
  await t.throwsAsync(failing(), { message: 'of the consumer' });
  t.true(await isUsable(model, set));
});

test('a stop leaves the weights of a whole step', async (t) => {
  // The states a training goes through, one batch a fit.
  const batch = goldenSet(32);
  const stepByStep = lenet5();
  const states = [await fingerprint(stepByStep)];
  for (let step = 0; step < 60; step++) {
    await stepByStep.fit(batch, { batchSize: 32, shuffle: false });
    states.push(await fingerprint(stepByStep));
  }
  t.is(new Set(states).size, 61);
  // The same batch again and again, in one run that is stopped at different moments, later after one before the first step, and earlier
  // after one at the end.
  let delay = 20;
  let between = 0;
  for (let tries = 0; tries < 100 && between < 8; tries++) {
    const model = lenet5();
    const controller = new AbortController();
    setTimeout(() => controller.abort(), delay);
    await model.fit(repeated(batch, 60), { batchSize: 32, shuffle: false, signal: controller.signal }).catch(() => {});
    const state = states.indexOf(await fingerprint(model));
    t.true(state >= 0, `after ${delay} ms`);
    if (state > 0 && state < 60) between++;
    delay *= state === 0 ? 1.7 : state === 60 ? 0.6 : 1.1;
  }
  t.true(between > 0);
});

test('a cancelled run does at most the step at work', async (t) => {
  const { graph } = lenet5();
  const slots = graph.parameters.map(({ shape }) => shape.reduce((a, b) => a * b, 1));
  const data = goldenSet(64);
  const optimizer = optimizers.sgd({ learningRate: 0.01 });
  const program = compile(traceGraph(graph), {
    mode: 'train',
    batchSize: 16,
    element: 'float32',
    isa: 'scalar',
    transforms: [{ channels: 1, scale: [1 / 255], shift: [0] }],
    loss: lossFromName('test', 'sparseCategoricalCrossentropy'),
    optimizer,
  });
  const stopAfter = async (delay: number) => {
    const run = new ProgramRun(program, {
      stores: [new native.Variables('float32', slots), new native.Variables('float32', [])],
      dataset: new native.Dataset([{ samples: data.images, features: 784 }], data.labels),
      order: Int32Array.from({ length: 16_000 }, (_, i) => i % 64),
      batchSize: 16,
      scalars: Float64Array.from(Array.from({ length: 1000 }, (_, i) => optimizer.stepScalars(0.01, i, 1)).flat()),
      threads: 1,
    });
    await new Promise((resolve) => setTimeout(resolve, delay));
    const before = run.native.completed();
    await run.stop();
    t.true(run.native.cancelled());
    t.is(run.native.metrics(0).length, 2 * run.native.completed());
    // On a busy machine we may have been kept waiting between the look and the stop.
    return run.native.completed() - before <= 1 || undefined;
  };
  for (let delay = 1; delay < 60; delay += 9) {
    t.true(await attempts(20, () => stopAfter(delay)), `after ${delay} ms`);
  }
});

test('a stopped model goes on like one with the same weights', async (t) => {
  const stopped = smallModel();
  for await (const event of stopped.train(blobs(64), { epochs: 9, batchSize: 16, shuffle: false })) {
    if (event.epoch === 2) break;
  }
  const fresh = smallModel();
  await fresh.setWeights(await stopped.getWeights());
  const options = { batchSize: 16, shuffle: false };
  t.deepEqual(await trained(stopped, blobs(64), options), await trained(fresh, blobs(64), options));
});
