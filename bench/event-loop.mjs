// node bench/event-loop.mjs [--seconds 10] [--threads 2] [--limit 10]: how late a 10 ms timer of the main thread fires while
// LeNet-5 trains on a set in memory and on a folder of JPEG files, and how late it fires without. One JSON line each:
// milliseconds behind the time it was due. With a limit it exits with 1 when 1 % of the timers fire later than that while
// training: for machines at rest.
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { datasets, info, optimizers } from 'cnnative';
import { Command } from 'commander';
import sharp from 'sharp';
import { integer, positive } from '../dist/cli/options.js';
import { models } from '../dist/models/index.js';

const { seconds, threads, limit } = new Command('event-loop')
  .option('--seconds <s>', 'time of each phase', positive, 10)
  .option('--threads <n>', 'threads that train', integer(1, 1024), 2)
  .option('--limit <ms>', 'most that 99 % of the timers may be late', positive, Number.POSITIVE_INFINITY)
  .parse()
  .opts();
const PERIOD = 10;

const { train } = await datasets.digits({ train: 6000, test: 1 });
const model = models.lenet5({ seed: 1 });
model.compile({
  optimizer: optimizers.sgd({ learningRate: 0.01, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
});

report('idle', await delays(seconds / 2));
const phases = [report('training', await delaysWhileTraining(train))];
const folder = await mkdtemp(join(tmpdir(), 'cnnative-event-loop-'));
try {
  await makePictures(folder, 500);
  const pictures = await datasets.imageFolder(folder, { size: 28, color: 'gray' });
  phases.push(report('image-folder', await delaysWhileTraining(pictures)));
} finally {
  await rm(folder, { recursive: true });
}
if (!phases.every(({ p99 }) => p99 < limit)) process.exitCode = 1;

async function delaysWhileTraining(set) {
  const controller = new AbortController();
  const fit = model.fit(set, { epochs: 1_000_000, batchSize: 64, threads, signal: controller.signal });
  fit.catch(() => {});
  const late = await delays(seconds);
  controller.abort('done');
  await fit.catch((reason) => {
    if (reason !== 'done') throw reason;
  });
  return late;
}

/** Pictures of 256 x 256 pixels in ten classes, as photographs come. */
async function makePictures(folder, count) {
  const pixels = Uint8Array.from({ length: 256 * 256 * 3 }, (_, i) => 127 + 100 * Math.sin(i / 999) + (i % 13));
  for (let i = 0; i < count; i++) {
    const place = join(folder, `class-${i % 10}`);
    await mkdir(place, { recursive: true });
    const raw = { width: 256, height: 256, channels: 3 };
    await sharp(pixels, { raw })
      .jpeg()
      .toFile(join(place, `${i}.jpg`));
  }
}

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
  console.log(JSON.stringify({ bench: 'event-loop', phase, isa, threads, ...timings }));
  return timings;
}
