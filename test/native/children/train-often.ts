// train-often.js same|new|recompiled: trains 200 times for one step, with the same model or a new one each time, or
// compiles a large model anew without training. Prints by how many bytes the process grew from the tenth time on: with what could be collected
// in the end, on busy machines some models, only where large ones are compiled.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { layers, optimizers, sequential } from 'cnnative';
import { goldenSet } from '../../helpers/golden-lenet5.js';
import { lenet5 } from '../../helpers/lenet5.js';
import { rested } from '../../helpers/rested.js';

const set = goldenSet(64);
const [, , what] = process.argv;
// Made only where needed: what malloc does with 100 kB depends on whether it ever freed 4 MB.
const model = what === 'recompiled' ? sequential({ inputShape: [1000] }, [layers.dense({ units: 1000 })]) : lenet5();

const works: Record<string, () => Promise<unknown>> = {
  same: () => model.fit(set, { batchSize: 64 }),
  new: () => lenet5().fit(set, { batchSize: 64 }),
  recompiled: async () => {
    model.compile({ optimizer: optimizers.sgd({ momentum: 0.9 }), loss: 'sparseCategoricalCrossentropy' });
    await new Promise((resolve) => setImmediate(resolve));
  },
};
const work = works[what ?? ''] ?? (() => Promise.reject(new Error('no such work')));

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

async function usage(): Promise<NodeJS.MemoryUsage> {
  // What native objects hold is given back in tasks after the collection.
  for (let i = 0; what !== 'recompiled' && i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await rested();
  return process.memoryUsage();
}

let begun = process.memoryUsage();
for (let i = 1; i <= 200; i++) {
  await work();
  if (i === 10) begun = await usage();
}
const { rss, heapTotal } = await usage();
console.log(JSON.stringify({ resident: rss - begun.rss, javascript: heapTotal - begun.heapTotal }));
