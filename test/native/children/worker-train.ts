// A worker thread: trains as its data say, and tells its weights when it is done.
import { parentPort, workerData } from 'node:worker_threads';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';
import { fingerprint } from '../../helpers/trained.js';

const { epochs, fails } = workerData as { epochs: number; fails?: 'throws' | 'exits' };
const model = lenet5();
const set = goldenSet(64);
for await (const event of model.train(set, { epochs, batchSize: 16, logEvery: 1, threads: 2 })) {
  if (event.event !== 'step') continue;
  if (event.step === 1) parentPort?.postMessage('training');
  if (event.step === 3 && fails === 'throws') throw new Error('on purpose');
  if (event.step === 3 && fails === 'exits') process.exit(7);
}
parentPort?.postMessage(await fingerprint(model));
