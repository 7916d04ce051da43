import { Worker } from 'node:worker_threads';
import test, { type ExecutionContext } from 'ava';
import type { Dataset, Model } from 'cnnative';
import { attempts } from '../helpers/attempts.js';
import { goldenSet } from '../helpers/golden-lenet5.js';
import { lenet5 } from '../helpers/lenet5.js';
import { repeated } from '../helpers/repeated.js';
import { trained } from '../helpers/trained.js';

const set = goldenSet(256);

/** A fit that ends no epoch meanwhile. */
const long = repeated(set, 100);
/** What happens is told every 50 ms, and turns take 10 ms: shares are looked at after so many milliseconds at the earliest. */
const LEAST = 2000;

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
async function samplesAt(most: number, all: readonly Progress[], least = 0): Promise<number[]> {
  const begun = performance.now();
  const soon = () => all.every(({ samples }) => samples < most) || performance.now() - begun < least;
  while (soon()) await new Promise((resolve) => setTimeout(resolve, 10));
  return all.map(({ samples }) => samples);
}

/** Largest over smallest. */
function ratioOf(samples: readonly number[]): number {
  return Math.max(...samples) / Math.min(...samples);
}

/** Who else runs on this machine may take turns from one of them: what is unfair in itself is so in every attempt. */
async function isFair(t: ExecutionContext, largest: number, measure: () => Promise<number[]>): Promise<void> {
  const seen: string[] = [];
  const fair = await attempts(4, async () => {
    const samples = await measure();
    seen.push(samples.join(' '));
    return ratioOf(samples) < largest || undefined;
  });
  t.log(seen.join(', '));
  t.true(fair);
}

/** Samples that fits at once have trained, when the first has come so far. */
async function shares(most: number, fits: readonly { data: Dataset; batchSize: number }[]): Promise<number[]> {
  const controller = new AbortController();
  const all = fits.map(({ data, batchSize }, seed) => start(lenet5({ seed }), data, batchSize, controller.signal));
  const samples = await samplesAt(most, all, LEAST);
  controller.abort();
  return samples;
}

for (const count of [2, 3]) {
  test.serial(`${count} equal fits at once get on equally`, async (t) => {
    const fits = Array.from({ length: count }, () => ({ data: long, batchSize: 32 }));
    await isFair(t, 1.2, () => shares(16_000, fits));
  });
}

test.serial('a fit of long steps leaves as much to one of short steps as it takes', async (t) => {
  const fits = [1600, 16].map((batchSize) => ({ data: long, batchSize }));
  // The larger batch is worth some time, and one step of it some samples. In turns of one slice each this is 5 or more.
  await isFair(t, 2.5, () => shares(32_000, fits));
});

test.serial('a fit of many short epochs gets on beside one long one', async (t) => {
  const fits = [long, set].map((data) => ({ data, batchSize: 32 }));
  // Between two epochs the short one has nothing to run.
  await isFair(t, 4, () => shares(8000, fits));
});

test.serial('predictions come between the steps of several fits', async (t) => {
  const controller = new AbortController();
  const models = [lenet5({ seed: 1 }), lenet5({ seed: 2 })];
  const all = models.map((model) => start(model, long, 32, controller.signal));
  await samplesAt(1000, all);
  const COUNT = 50;
  const seen: string[] = [];
  const between = await attempts(4, async () => {
    const before = all.map(({ samples }) => samples);
    for (let i = 0; i < COUNT; i++) await (i % 2 ? models[0] : lenet5())?.predict(set.images.subarray(0, 784));
    // Progress is told every 50 ms only.
    while (all.every(({ samples }, i) => samples === before[i]))
      await new Promise((resolve) => setTimeout(resolve, 10));
    const meanwhile = all.map(({ samples }, i) => samples - (before[i] as number));
    seen.push(meanwhile.join(' '));
    // Each waits for the turn at work and perhaps the other fit's: in 10 ms they do some ten steps of 32 samples. An epoch has 800.
    return meanwhile.every((samples) => samples < COUNT * 100 * 32) || undefined;
  });
  controller.abort();
  t.true(between, seen.join(', '));
});

test.serial('a flood of predictions does not stop a fit', async (t) => {
  const controller = new AbortController();
  const fit = start(lenet5({ seed: 1 }), long, 32, controller.signal);
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
  await samplesAt(before + 5000, [fit]);
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
  const script = new URL('../native/children/worker-share.js', import.meta.url);
  await isFair(t, 1.2, async () => {
    const steps = new Int32Array(new SharedArrayBuffer(12));
    const workers = [0, 1].map((place) => new Worker(script, { workerData: { steps, place } }));
    const done = () => [...steps.subarray(0, 2)];
    const begun = performance.now();
    const soon = () => Math.max(...done()) < 1000 || performance.now() - begun < LEAST;
    while (soon()) await new Promise((resolve) => setTimeout(resolve, 10));
    const samples = done();
    await Promise.all(workers.map((worker) => worker.terminate()));
    return samples;
  });
});
