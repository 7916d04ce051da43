// Programs that only read keep their memory, with the weights prepared in it, from one run to the next.
import { setTimeout as sleep } from 'node:timers/promises';
import test, { type ExecutionContext } from 'ava';
import { loadModel, type Model } from 'cnnative';
import { MOST_CHANNEL_LANE_SAMPLES } from '#lib/program/channel-lanes.js';
import { freshCopy, pictures, picturesFrom, preparedModel, weightsOf } from '../helpers/prepared.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

/** Samples of a prediction: with lanes of channels, on the calling thread and not, and with lanes of samples. */
const SIZES = [1, 8, 20];

async function predictionsOf(model: Model, sizes = SIZES): Promise<Float32Array[]> {
  const all: Float32Array[] = [];
  for (const size of sizes) all.push((await model.predict(picturesFrom(0, size))).data);
  return all;
}

/** The model gives what one with its weights gives that has never run; and not what it gave before. */
async function isAsFresh(t: ExecutionContext, model: Model, what: string, before?: readonly Float32Array[]) {
  const fresh = await freshCopy(model);
  const actual = await predictionsOf(model);
  t.deepEqual(actual, await predictionsOf(fresh), what);
  t.deepEqual(await predictionsOf(model), actual, `${what}, again`);
  t.is((await model.evaluate(pictures)).loss, (await fresh.evaluate(pictures)).loss, what);
  if (before) t.notDeepEqual(actual, before, what);
  return actual;
}

test('predictions after new weights are those of a model that never had others', async (t) => {
  const model = preparedModel();
  let before = await isAsFresh(t, model, 'at first');
  for (const seed of [2, 3]) {
    await model.setWeights(await weightsOf(preparedModel({ seed })));
    before = await isAsFresh(t, model, `weights of seed ${seed}`, before);
  }
  // Each parameter for itself, those of the statistics too.
  for (const [name, values] of Object.entries(await weightsOf(model))) {
    await model.setWeights({ [name]: values.map((value) => value * 1.1 + 0.05) });
    before = await isAsFresh(t, model, name, before);
  }
});

test('predictions after every step of a training are those of a model with these weights', async (t) => {
  const model = preparedModel();
  let before = await predictionsOf(model);
  for (let step = 0; step < 3; step++) {
    await model.fit(pictures, { batchSize: 64 });
    before = await isAsFresh(t, model, `step ${step}`, before);
  }
});

test('a loaded model predicts what the saved one does, and goes on from there', async (t) => {
  const model = preparedModel();
  await model.fit(pictures, { batchSize: 32 });
  const before = await predictionsOf(model);
  const folder = await temporaryFolder(t);
  await model.save(folder);
  const loaded = await loadModel(folder);
  t.deepEqual(await predictionsOf(loaded), before);
  await loaded.fit(pictures, { batchSize: 32 });
  await isAsFresh(t, loaded, 'the loaded model', before);
  t.deepEqual(await predictionsOf(model), before);
});

test('predictions of two models in turn are those of each alone', async (t) => {
  const seeds = [1, 2];
  const alone = await Promise.all(seeds.map((seed) => predictionsOf(preparedModel({ seed }))));
  const both = seeds.map((seed) => preparedModel({ seed }));
  for (let round = 0; round < 3; round++) {
    for (const [i, model] of both.entries()) t.deepEqual(await predictionsOf(model), alone[i]);
  }
  for (let round = 0; round < 3; round++) t.deepEqual(await Promise.all(both.map((m) => predictionsOf(m))), alone);
});

test('batch sizes in any order give the rows they give alone', async (t) => {
  const model = preparedModel();
  const all = picturesFrom(0, 64);
  // The kernels differ with what lanes hold, and with it the last bits.
  const [few, many] = [await preparedModel().predict(all, { batchSize: 1 }), await preparedModel().predict(all)];
  for (const [batchSize, first, count] of [
    ...[
      [1, 3, 1],
      [64, 0, 64],
      [1, 60, 1],
      [64, 7, 40],
      [8, 1, 8],
      [8, 30, 3],
      [3, 5, 7],
      [20, 2, 50],
    ],
    ...[
      [9, 0, 9],
      [64, 3, 2],
      [1, 0, 64],
      [20, 20, 1],
      [8, 0, 64],
      [64, 0, 64],
    ],
  ] as [number, number, number][]) {
    const rows = (Math.min(batchSize, count) > MOST_CHANNEL_LANE_SAMPLES ? many : few).data;
    const { data } = await model.predict(picturesFrom(first, count), { batchSize });
    t.deepEqual(
      [...data],
      [...rows.slice(first * 5, (first + count) * 5)],
      `${count} samples in batches of ${batchSize}`,
    );
  }
});

test('predictions after cancelled ones are right', async (t) => {
  const model = preparedModel();
  const expected = await predictionsOf(await freshCopy(model));
  const many = Float32Array.from({ length: 400 * pictures.images.length }, (_, i) => pictures.images[i % 64] ?? 0);
  let cancelled = 0;
  for (const batchSize of [1, 8, 64]) {
    for (const milliseconds of [0, 1, 5, 20]) {
      const controller = new AbortController();
      const run = model.predict(many, { batchSize, signal: controller.signal, threads: 1 + (milliseconds % 2) });
      if (milliseconds > 0) await sleep(milliseconds);
      controller.abort();
      await run.then(
        () => t.log(`${batchSize} done within ${milliseconds} ms`),
        () => cancelled++,
      );
      t.deepEqual(await predictionsOf(model), expected, `batch ${batchSize}, ${milliseconds} ms`);
    }
  }
  t.true(cancelled > 3, `${cancelled}`);
  const other = preparedModel({ seed: 2 });
  await model.setWeights(await weightsOf(other));
  t.deepEqual(await predictionsOf(model), await predictionsOf(other));
});

test('predictions during a training are those of the weights of one step', async (t) => {
  const STEPS = 120;
  const look = async (model: Model, size: number) => String((await model.predict(picturesFrom(0, size))).data);
  const stepByStep = preparedModel();
  const seen = new Map(SIZES.map((size) => [size, [] as string[]]));
  for (let step = 0; step <= STEPS; step++) {
    for (const size of SIZES) seen.get(size)?.push(await look(stepByStep, size));
    await stepByStep.fit(pictures, { batchSize: 64, shuffle: false });
  }
  const model = preparedModel();
  for (const size of SIZES) await look(model, size);
  let training = true;
  const fit = model.fit(pictures, { epochs: STEPS, batchSize: 64, shuffle: false }).finally(() => {
    training = false;
  });
  const last = new Map(SIZES.map((size) => [size, 0]));
  const steps = new Set<number>();
  while (training) {
    for (const size of SIZES) {
      const step = seen.get(size)?.indexOf(await look(model, size)) ?? -1;
      t.true(step >= (last.get(size) ?? 0), `${size} samples: step ${step} after ${last.get(size)}`);
      last.set(size, step);
      steps.add(step);
    }
    await sleep(2); // or a busy machine does nothing but look
  }
  await fit;
  t.true(steps.size > 1, `${[...steps]}`);
  for (const size of SIZES) t.is(await look(model, size), seen.get(size)?.at(STEPS) ?? '');
});
