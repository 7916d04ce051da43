// Predictions of little work run on the calling thread, unless the executor is at work.
import { Worker } from 'node:worker_threads';
import test from 'ava';
import { predictAtOnce, predictInTurn } from '../helpers/at-once.js';
import { pictures, picturesFrom, preparedModel } from '../helpers/prepared.js';
import { noise } from '../helpers/small.js';

const FOREVER = { epochs: 1_000_000, batchSize: 32 };

/** What a worker thread got: all results that differ. */
function predictInWorker(rounds: number): Promise<string[]> {
  const worker = new Worker(new URL('../native/children/worker-predict.js', import.meta.url), {
    workerData: { rounds },
  });
  return new Promise((resolve, reject) => {
    worker.once('message', resolve).once('error', reject);
  });
}

test('200 predictions at once give what they give one after another', async (t) => {
  const expected = await predictInTurn();
  t.is(await predictAtOnce(), expected);
  const model = preparedModel();
  for (let round = 0; round < 3; round++) t.is(await predictAtOnce(model), expected);
});

test('predictions of worker threads at once, during a training beside them, are those of each alone', async (t) => {
  const expected = await predictInTurn();
  const trained = preparedModel();
  const controller = new AbortController();
  const fit = trained.fit(pictures, { ...FOREVER, signal: controller.signal });
  const workers = [predictInWorker(4), predictInWorker(4)];
  const own: string[] = [];
  for (let round = 0; round < 3; round++) own.push(await predictAtOnce());
  t.deepEqual([...new Set(own)], [expected]);
  t.deepEqual(await Promise.all(workers), [[expected], [expected]]);
  controller.abort();
  await t.throwsAsync(fit, { name: 'AbortError', any: true });
});

test('predictions of worker threads at once on idle executors are those of each alone', async (t) => {
  const expected = await predictInTurn();
  const [first, second, own] = await Promise.all([predictInWorker(10), predictInWorker(10), predictAtOnce()]);
  t.deepEqual({ first, second, own }, { first: [expected], second: [expected], own: expected });
});

test('a prediction on the calling thread rejects for a signal that is aborted, and later ones go on', async (t) => {
  const model = preparedModel();
  const expected = (await model.predict(picturesFrom(0, 1))).data;
  const reason = new Error('enough');
  const aborted = model.predict(picturesFrom(0, 1), { signal: AbortSignal.abort(reason) });
  t.is(await t.throwsAsync(aborted), reason);
  t.deepEqual((await model.predict(picturesFrom(0, 1))).data, expected);
});

test('samples may be changed once they are given, whether the executor is idle or at work', async (t) => {
  const expected = (await preparedModel().predict(picturesFrom(0, 1))).data;
  const [model, trained] = [preparedModel(), preparedModel()];
  const predictAndChange = () => {
    const samples = picturesFrom(0, 1).slice();
    const prediction = model.predict(samples);
    samples.fill(Number.NaN);
    return prediction;
  };
  // Steps enough for the executor to be at work while this thread predicts.
  const many = noise(16_384, [3, 8, 8], 5);
  for await (const { event } of trained.train(many, { epochs: 1000, batchSize: 32 })) {
    if (event !== 'progress') continue;
    const predictions = [predictAndChange()];
    // Until a turn of the event loop is due.
    for (const begun = performance.now(); performance.now() - begun < 20; ) predictions.push(predictAndChange());
    for (const { data } of await Promise.all(predictions)) t.deepEqual(data, expected);
    break;
  }
  t.deepEqual((await predictAndChange()).data, expected);
});

// By itself: other tests would turn the event loop.
test.serial('predictions one after another on the calling thread let timers fire', async (t) => {
  const model = preparedModel();
  let ticks = 0;
  const timer = setInterval(() => ticks++, 5);
  // A third of a second on a machine at rest. None at all while nothing but microtasks run.
  for (let left = 50_000; left > 0 && ticks <= 5; left--) await model.predict(picturesFrom(0, 1));
  clearInterval(timer);
  t.true(ticks > 5, `${ticks}`);
});
