// node bench/large-set.mjs [--gigabytes 5] [--seconds N] [--most 2]: trains on a set of so many GB that it makes (zeros, with some
// samples written all over it: a sparse file), for an epoch or for so many seconds, and fails when the process ever held more
// than `most` GB (VmHWM). One JSON line.
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { datasets, layers, optimizers, sequential } from 'cnnative';
import { Command } from 'commander';
import { peakMemoryBytes } from '../dist/bench/peak-memory.js';
import { positive } from '../dist/cli/options.js';

const options = new Command('large-set')
  .option('--gigabytes <n>', 'size of the set', positive, 5)
  .option('--seconds <s>', 'time to train (default: an epoch)', positive, Number.POSITIVE_INFINITY)
  .option('--most <gigabytes>', 'memory that the process may have resident', positive, 2)
  .parse()
  .opts();
const SIDE = 64;
const SAMPLE = 3 * SIDE * SIDE;
const size = Math.floor((options.gigabytes * 1e9) / SAMPLE);

const folder = await mkdtemp(join(tmpdir(), 'cnnative-large-'));
try {
  const images = join(folder, 'images.idx');
  await makeIdx(images);
  const set = await datasets.fromFiles({ images, labels: Int32Array.from({ length: size }, (_, i) => i % 10) });
  const model = sequential({ inputShape: set.shape, seed: 1 }, [
    layers.averagePooling2d({ poolSize: 8 }),
    layers.conv2d({ filters: 8, kernelSize: 3, activation: 'relu' }),
    layers.flatten(),
    layers.dense({ units: 10, activation: 'softmax' }),
  ]);
  model.compile({ optimizer: optimizers.sgd({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });

  const delay = monitorEventLoopDelay({ resolution: 1 });
  delay.enable();
  const begun = performance.now();
  let steps = 0;
  for await (const { step } of model.train(set, { batchSize: 128 })) {
    steps = step;
    if ((performance.now() - begun) / 1000 > options.seconds) break;
  }
  const seconds = (performance.now() - begun) / 1000;
  delay.disable();
  const peak = peakMemoryBytes();
  const line = {
    bench: 'large-set',
    fileBytes: size * SAMPLE,
    samples: size,
    steps,
    seconds: Number(seconds.toFixed(1)),
    loopDelayP99Ms: Number((delay.percentile(99) / 1e6).toFixed(2)),
    peakBytes: peak,
  };
  console.log(JSON.stringify(line));
  if (!(peak < options.most * 1e9)) {
    console.error(`expected a peak of less than ${options.most} GB of resident memory, received ${peak} bytes`);
    process.exitCode = 1;
  }
} finally {
  await rm(folder, { recursive: true });
}

async function makeIdx(path) {
  const header = Buffer.from([0, 0, 8, 4, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, SIDE, 0, 0, 0, SIDE]);
  header.writeUInt32BE(size, 4);
  const file = await open(path, 'w');
  try {
    await file.write(header);
    await file.truncate(header.length + size * SAMPLE);
    const sample = Uint8Array.from({ length: SAMPLE }, (_, i) => (i * 7919) % 256);
    const step = Math.ceil(size / 1000);
    for (let i = 0; i < size; i += step) await file.write(sample, 0, SAMPLE, header.length + i * SAMPLE);
  } finally {
    await file.close();
  }
}
