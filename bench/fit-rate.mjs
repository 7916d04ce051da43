// Measures `fit` on a set in memory against the step on a fixed batch, in turn: what the trainer, shuffling and gathering from a
// whole set cost. Prints one JSON line with both rates of each round and the median ratio.
//
//   node bench/fit-rate.mjs [--rounds N] [--batch N] [--samples N] [--threads N]
import { parseArgs } from 'node:util';
import { datasets, layers, optimizers, sequential } from 'cnnative';
import { measure } from '../dist/bench/measure.js';
import { workloads } from '../dist/bench/workloads/index.js';
import { info } from '../dist/machine/info.js';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '5' },
    batch: { type: 'string', default: '128' },
    samples: { type: 'string', default: '60000' },
    threads: { type: 'string', default: String(info().threads) },
  },
});
const [rounds, batchSize, samples, threads] = ['rounds', 'batch', 'samples', 'threads'].map((name) =>
  Number(values[name]),
);
const { isa } = info();
const workload = workloads.lenet5;
const shape = [...workload.inputShape];
const features = shape.reduce((product, size) => product * size, 1);
const set = datasets.fromArrays({
  images: Uint8Array.from({ length: samples * features }, (_, i) => (i * 2654435761) >>> 24),
  labels: Int32Array.from({ length: samples }, (_, i) => i % workload.classes),
  shape,
});
const model = sequential({ inputShape: shape }, [
  layers.conv2d({ filters: 6, kernelSize: 5, activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.conv2d({ filters: 16, kernelSize: 5, activation: 'relu' }),
  layers.maxPooling2d({ poolSize: 2 }),
  layers.flatten(),
  layers.dense({ units: 120, activation: 'relu' }),
  layers.dense({ units: 84, activation: 'relu' }),
  layers.dense({ units: workload.classes }),
]);
model.compile({
  optimizer: optimizers.sgd({ learningRate: 0.01, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await model.fit(set, { batchSize, threads }); // copies the set and warms up

const pairs = [];
for (let round = 0; round < rounds; round++) {
  const bench = await measure(workload, { phase: 'train', batchSize, seconds: 1.5, threads, isa });
  const begun = performance.now();
  const epochs = 2;
  await model.fit(set, { epochs, batchSize, threads });
  const seconds = (performance.now() - begun) / 1000;
  pairs.push({ bench: bench.imagesPerSecond, fit: (epochs * samples) / seconds });
}
const ratios = pairs.map((pair) => pair.fit / pair.bench).sort((a, b) => a - b);
console.log(JSON.stringify({ ratio: ratios[Math.floor(ratios.length / 2)], ratios, pairs }));
