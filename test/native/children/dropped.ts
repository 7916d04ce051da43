// dropped.js models|workers COUNT: so many times, makes a set and a model, trains it for a step, uses it and drops it; or has a worker
// thread load the package, train and end. Prints by how many bytes the process grew from the tenth part on.
import { once } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';
import { rested } from '../../helpers/rested.js';

const [, , what, count] = process.argv;
const cycles = Number(count);
setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

const works: Record<string, () => Promise<unknown>> = {
  models: async () => {
    const set = goldenSet(64);
    const model = lenet5();
    await model.fit(set, { batchSize: 64 });
    await model.evaluate(set);
    await model.predict(set.images.subarray(0, 784));
  },
  workers: async () => {
    const [code] = await once(
      new Worker(new URL('./worker-train.js', import.meta.url), { workerData: { epochs: 1 } }),
      'exit',
    );
    if (code !== 0) throw new Error(`a worker thread ended with exit code ${code}`);
  },
};
const work = works[what ?? ''] ?? (() => Promise.reject(new Error('no such work')));

let begun = process.memoryUsage();
for (let i = 1; i <= cycles; i++) {
  await work();
  if (i % 10 !== 0) continue;
  // Native memory is released by finalizers, at a turn of the event loop after the collection.
  collect();
  await turn();
  if (i === cycles || i <= Math.max(10, cycles / 10)) await rested();
  if (i <= Math.max(10, cycles / 10)) begun = process.memoryUsage();
}
const { rss, heapTotal } = process.memoryUsage();
console.log(JSON.stringify({ resident: rss - begun.rss, javascript: heapTotal - begun.heapTotal }));
