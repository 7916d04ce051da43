import { Worker } from 'node:worker_threads';
import test from 'ava';
import type { Dataset, Model } from 'cnnative';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { trained } from '../helpers/trained.js';

const set = goldenSet(256);

/** The set so many times over, as one: a fit that ends no epoch meanwhile. */
function long(times: number): Dataset {
  const images = new Uint8Array(times * set.images.length);
  const labels = new Int32Array(times * set.size);
  for (let i = 0; i < times; i++) {
    images.set(set.images, i * set.images.length);
    labels.set(set.labels, i * set.size);
  }
  return { ...set, images, labels, size: labels.length };
}

interface Progress {
  samples: number;
}

/** Trains until stopped, and counts. On one thread: several wait for each other, on a busy machine longer the shorter the steps are. */
function start(model: Model, data: Dataset, batchSize: number, signal: AbortSignal): Progress {
  const progress = { samples: 0 };
  const count = async () => {
    for await (const event of model.train(data, { epochs: 1000, batchSize, threads: 1, logEvery: 1, signal })) {
      if (event.event === 'step') progress.samples += batchSize;
    }
  };
  void count().catch(() => undefined);
  return progress;
}

/** Samples that each has trained, once the first of them has come so far. */
async function samplesAt(most: number, all: readonly Progress[]): Promise<number[]> {
  while (all.every(({ samples }) => samples < most)) await new Promise((resolve) => setTimeout(resolve, 10));
  return all.map(({ samples }) => samples);
}

/** Largest over smallest. */
function ratioOf(samples: readonly number[]): number {
  return Math.max(...samples) / Math.min(...samples);
}

for (const count of [2, 3]) {
  test.serial(`${count} equal fits at once get on equally`, async (t) => {
    const controller = new AbortController();
    const data = long(100);
    const all = Array.from({ length: count }, (_, seed) => start(lenet5({ seed }), data, 32, controller.signal));
    const samples = await samplesAt(32_000, all);
    controller.abort();
    t.true(ratioOf(samples) < 1.2, `${samples}`);
  });
}

test.serial('a fit of long steps leaves as much to one of short steps as it takes', async (t) => {
  const controller = new AbortController();
  const data = long(100);
  const all = [start(lenet5(), data, 6400, controller.signal), start(lenet5(), data, 16, controller.signal)];
  const samples = await samplesAt(64_000, all);
  controller.abort();
  // The larger batch is worth some time, and one step of it some samples. In turns of one slice each this is 10 or more.
  t.true(ratioOf(samples) < 2.5, `${samples}`);
});

test.serial('a fit of many short epochs gets on beside one long one', async (t) => {
  const controller = new AbortController();
  const all = [start(lenet5(), long(100), 32, controller.signal), start(lenet5(), set, 32, controller.signal)];
  const samples = await samplesAt(16_000, all);
  controller.abort();
  // Between two epochs the short one has nothing to run.
  t.true(ratioOf(samples) < 4, `${samples}`);
});

test.serial('predictions come between the steps of several fits', async (t) => {
  const controller = new AbortController();
  const data = long(100);
  const models = [lenet5({ seed: 1 }), lenet5({ seed: 2 })];
  const all = models.map((model) => start(model, data, 32, controller.signal));
  await samplesAt(1000, all);
  const before = all.map(({ samples }) => samples);
  const COUNT = 50;
  for (let i = 0; i < COUNT; i++) await (i % 2 ? models[0] : lenet5())?.predict(set.images.subarray(0, 784));
  const meanwhile = all.map(({ samples }, i) => samples - (before[i] as number));
  controller.abort();
  // Each waits for the turn at work and perhaps the other fit's: in 10 ms they do some ten steps of 32 samples or fewer. Progress is told
  // every 50 ms only.
  for (const samples of meanwhile) t.true(samples < COUNT * 60 * 32, `${meanwhile}`);
  t.true(Math.max(...meanwhile) > 0, `${meanwhile}`);
});

test.serial('a flood of predictions does not stop a fit', async (t) => {
  const controller = new AbortController();
  const fit = start(lenet5({ seed: 1 }), long(100), 32, controller.signal);
  await samplesAt(1000, [fit]);
  const other = lenet5({ seed: 2 });
  const before = fit.samples;
  let predictions = 0;
  const flood = Array.from({ length: 20 }, async () => {
    while (!controller.signal.aborted) {
      await other.predict(set.images);
      predictions++;
    }
  });
  await samplesAt(before + 10_000, [fit]);
  controller.abort();
  await Promise.all(flood);
  t.true(predictions > 10, `${predictions}`);
});

test.serial('models of different sizes of batch have the bits they have alone', async (t) => {
  const options = [
    { epochs: 2, batchSize: 256 },
    { epochs: 2, batchSize: 16 },
    { epochs: 2, batchSize: 48 },
  ];
  const alone = [];
  for (const each of options) alone.push(await trained(lenet5(), set, each));
  t.deepEqual(await Promise.all(options.map((each) => trained(lenet5(), set, each))), alone);
});

test.serial('fits in two worker threads get on equally', async (t) => {
  const steps = new Int32Array(new SharedArrayBuffer(12));
  const script = new URL('../native/children/worker-share.js', import.meta.url);
  const workers = [0, 1].map((place) => new Worker(script, { workerData: { steps, place } }));
  const done = () => [...steps.subarray(0, 2)];
  while (Math.max(...done()) < 2000) await new Promise((resolve) => setTimeout(resolve, 10));
  const samples = done();
  await Promise.all(workers.map((worker) => worker.terminate()));
  t.true(ratioOf(samples) < 1.2, `${samples}`);
});
