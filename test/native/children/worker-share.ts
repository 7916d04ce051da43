// A worker thread: waits for the other one, then trains until it is ended, and counts its steps in shared memory.
import { workerData } from 'node:worker_threads';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';

const { steps, place } = workerData as { steps: Int32Array; place: number };
const READY = 2;
const model = lenet5();
const set = goldenSet(2048);
await model.predict(set.images.subarray(0, 784));
if (Atomics.add(steps, READY, 1) === 1) Atomics.notify(steps, READY);
else Atomics.wait(steps, READY, 1);
for await (const event of model.train(set, { epochs: 1000, batchSize: 32, logEvery: 1, threads: 1 })) {
  if (event.event === 'step') Atomics.add(steps, place, 1);
}
