// node bench/event-loop.mjs [--seconds 10] [--threads 2] [--data digits] [--limit 10]: how late a 10 ms timer of the main thread
// fires while LeNet-5 trains, and how late it fires without. One JSON line each: milliseconds behind the time it was due.
// With a limit it exits with 1 when 1 % of the timers fire later than that while training: for machines at rest.
import { parseArgs } from 'node:util';
import { datasets, info, layers, optimizers, sequential } from 'cnnative';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '10' },
    threads: { type: 'string', default: '2' },
    data: { type: 'string', default: 'digits' },
    limit: { type: 'string', default: 'Infinity' },
  },
});
const seconds = Number(values.seconds);
const threads = Number(values.threads);
const limit = Number(values.limit);
const PERIOD = 10;

/** What to train on: how a set reaches the network decides what is done on this thread meanwhile. Images of 28 x 28 at least. */
const SOURCES = {
  digits: async () => (await datasets.digits({ train: 6000, test: 1 })).train,
};
const source = SOURCES[values.data];
if (!source)
  throw new RangeError(`--data: expected one of ${Object.keys(SOURCES).join(', ')}, received ${values.data}`);
const train = await source();
const model = sequential({ input: { shape: train.shape, mean: 0.1307, std: 0.3081 }, seed: 1 }, [
  layers.conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.flatten(),
  layers.dense({ units: 120, activation: 'relu' }),
  layers.dense({ units: 84, activation: 'relu' }),
  layers.dense({ units: train.classes, activation: 'softmax' }),
]);
model.compile({
  optimizer: optimizers.sgd({ learningRate: 0.01, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
});

report('idle', await delays(seconds / 2));
const controller = new AbortController();
const fit = model.fit(train, { epochs: 1_000_000, batchSize: 64, threads, signal: controller.signal });
const training = report('training', await delays(seconds));
controller.abort();
await fit.catch(() => {});
if (!(training.p99 < limit)) process.exitCode = 1;

/** Delays of a timer set again and again, sorted. */
function delays(seconds) {
  return new Promise((resolve) => {
    const late = [];
    const end = performance.now() + seconds * 1000;
    const next = () => {
      const due = performance.now() + PERIOD;
      setTimeout(() => {
        const now = performance.now();
        late.push(now - due);
        if (now < end) next();
        else resolve(late.sort((a, b) => a - b));
      }, PERIOD);
    };
    next();
  });
}

function report(phase, sorted) {
  const quantile = (q) => Number(sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))].toFixed(3));
  const { isa } = info();
  const timings = { p50: quantile(0.5), p99: quantile(0.99), max: quantile(1), timers: sorted.length };
  console.log(JSON.stringify({ bench: 'event-loop', phase, data: values.data, isa, threads, ...timings }));
  return timings;
}
