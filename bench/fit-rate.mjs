// Measures `fit` on a set in memory against the step on a fixed batch, in turn: what the trainer, shuffling and gathering from a
// whole set cost, and with --augment what augmentation does. Prints one JSON line with both rates of each round and the median ratio with its interval.
//
//   node bench/fit-rate.mjs [--workload lenet5|resnet20|...] [--rounds N] [--batch N] [--samples N] [--threads N] [--augment moves|affine]
import { augmentations, datasets, info, input, model, optimizers } from 'cnnative';
import { Command, Option } from 'commander';
import { measure } from '../dist/bench/measure.js';
import { WORKLOAD_NAMES } from '../dist/bench/names.js';
import { workloads } from '../dist/bench/workloads/index.js';
import { integer } from '../dist/cli/options.js';
import { compare } from './statistics.mjs';

/** Of an epoch: some seconds for LeNet-5 as for ResNet-20, and a set larger than the caches. */
const MULTIPLY_ADDS = 5e10;
const FEWEST_SAMPLES = 4096;
const EPOCHS = 5;
const SECONDS = 1.5;

const AUGMENTS = {
  none: [],
  moves: [augmentations.randomCrop({ padding: 4, mode: 'reflect' }), augmentations.horizontalFlip()],
  affine: [augmentations.rotation({ degrees: 15 }), augmentations.shift({ fraction: 0.1 })],
};

const options = new Command('fit-rate')
  .addOption(new Option('--workload <name>', 'network').choices(WORKLOAD_NAMES).default('lenet5'))
  .option('--rounds <n>', 'times to measure both', integer(1), 5)
  .option('--batch <n>', 'images a step (default: as the network has it)', integer(1))
  .option('--samples <n>', 'images of the set (default: as takes some seconds)', integer(1))
  .addOption(new Option('--augment <kind>', 'how samples are changed').choices(Object.keys(AUGMENTS)).default('none'))
  .option('--threads <n>', 'threads', integer(1, 1024), info().threads)
  .parse()
  .opts();
const { rounds, threads } = options;
const augment = AUGMENTS[options.augment];
const { isa } = info();
const workload = workloads[options.workload];
const { inputShape, classes, forwardMacs } = workload;
const batchSize = options.batch ?? workload.batchSize;
const samples = options.samples ?? Math.max(FEWEST_SAMPLES, Math.min(60_000, Math.round(MULTIPLY_ADDS / forwardMacs)));

const features = inputShape.reduce((product, size) => product * size, 1);
const set = datasets.fromArrays({
  images: Uint8Array.from({ length: samples * features }, (_, i) => (i * 2654435761) >>> 24),
  labels: Int32Array.from({ length: samples }, (_, i) => i % classes),
  shape: [...inputShape],
});
const inputs = input({ shape: [...inputShape] });
const network = model({ inputs, outputs: workload.build(inputs) });
network.compile({
  optimizer: optimizers.sgd({ learningRate: 0.01, momentum: 0.9 }),
  loss: 'sparseCategoricalCrossentropy',
  metrics: ['accuracy'],
});
await network.fit(set, { batchSize, threads, augment }); // copies the set and warms up

const rates = { fit: [], step: [] };
for (let round = 0; round < rounds; round++) {
  const step = await measure(workload, { phase: 'train', batchSize, seconds: SECONDS, threads, isa });
  // As for fit, all of the time: a median would leave out what now and then takes longer.
  rates.step.push((step.steps * batchSize) / step.seconds);
  const begun = performance.now();
  await network.fit(set, { epochs: EPOCHS, batchSize, threads, augment });
  rates.fit.push((EPOCHS * samples) / ((performance.now() - begun) / 1000));
}
const ratio = compare(rates.fit, rates.step, 'higher');
console.log(
  JSON.stringify({
    workload: options.workload,
    batchSize,
    samples,
    threads,
    isa,
    augment: options.augment,
    ratio,
    ...rates,
  }),
);
