// teams.js: prints how many threads the process has gained when it has just predicted a sample on the calling thread, right
// after a training that followed, and when nothing has been done for a while.
import { readdirSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { layers, optimizers, sequential } from 'cnnative';
import { noise } from '../../helpers/small.js';

const THREADS = 4;
// Enough work for a sample to be shared, and little enough to be done on the calling thread.
const model = sequential({ inputShape: [3, 16, 16] }, [
  layers.conv2d({ filters: 64, kernelSize: 3, padding: 'same' }),
  layers.conv2d({ filters: 64, kernelSize: 3, padding: 'same' }),
  layers.flatten(),
  layers.dense({ units: 5 }),
]);
model.compile({ optimizer: optimizers.sgd({ learningRate: 0.01 }), loss: 'sparseCategoricalCrossentropy' });
const set = noise(8, [3, 16, 16], 5);
const count = () => readdirSync('/proc/self/task').length;

async function round(): Promise<number[]> {
  await setTimeout(500);
  const idle = count();
  await model.predict((set.images as Float32Array).subarray(0, 3 * 16 * 16), { threads: THREADS });
  const predicted = count();
  await model.fit(set, { batchSize: 4, threads: THREADS });
  const trained = count();
  await setTimeout(500);
  return [predicted, trained, count()].map((threads) => threads - idle);
}

// Node starts threads of its own for the first round.
await round();
console.log(JSON.stringify(await round()));
