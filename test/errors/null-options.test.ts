import test from 'ava';
import {
  augmentations,
  CnnativeError,
  callbacks,
  datasets,
  findLearningRate,
  images,
  layers,
  losses,
  metrics,
  ops,
  optimizers,
  sequential,
} from '#lib/index.js';

// What a caller in JavaScript may give: options of any kind.
type Make = (options: never) => unknown;

const set = datasets.fromArrays({
  images: new Uint8Array(4 * 16),
  labels: Int32Array.of(0, 1, 0, 1),
  shape: [1, 4, 4],
});

/** Options that may be left out, beside those that may not. */
const optional: readonly (readonly [who: string, make: Make, given: object, names: readonly string[]])[] = [
  [
    'losses.sparseCategoricalCrossentropy',
    losses.sparseCategoricalCrossentropy,
    {},
    ['fromLogits', 'labelSmoothing', 'classWeights', 'reduction'],
  ],
  ['losses.binaryCrossentropy', losses.binaryCrossentropy, {}, ['fromLogits', 'labelSmoothing', 'reduction']],
  ['losses.huber', losses.huber, {}, ['delta', 'reduction']],
  ['metrics.topK', metrics.topK, {}, ['k']],
  [
    'optimizers.sgd',
    optimizers.sgd,
    {},
    ['learningRate', 'momentum', 'nesterov', 'weightDecay', 'accumulate', 'average', 'clipNorm'],
  ],
  [
    'callbacks.earlyStopping',
    callbacks.earlyStopping,
    {},
    ['monitor', 'mode', 'minDelta', 'patience', 'baseline', 'restoreBestWeights', 'startFromEpoch'],
  ],
  ['callbacks.modelCheckpoint', callbacks.modelCheckpoint, { path: 'best' }, ['monitor', 'mode', 'saveBestOnly']],
  ['callbacks.csvLogger', callbacks.csvLogger, { path: 'epochs.csv' }, ['separator', 'append']],
  ['callbacks.jsonLines', callbacks.jsonLines, { path: 'steps.jsonl' }, ['logEvery', 'append']],
  ['augmentations.horizontalFlip', augmentations.horizontalFlip, {}, ['mode', 'probability']],
  ['augmentations.rotation', augmentations.rotation, { degrees: 5 }, ['mode', 'probability']],
  ['augmentations.mixup', augmentations.mixup, {}, ['alpha', 'probability']],
  ['layers.zeroPadding2d', layers.zeroPadding2d, {}, ['padding', 'name']],
  [
    'layers.conv2d',
    layers.conv2d,
    { filters: 1, kernelSize: 1 },
    ['strides', 'padding', 'dilation', 'groups', 'useBias', 'activation'],
  ],
  ['datasets.oneHot', (options) => datasets.oneHot(set, options), {}, ['off']],
  ['datasets.map', (options) => datasets.map(set, ({ image }) => image as Uint8Array, options), {}, ['shape']],
  ['datasets.split', (options) => datasets.split(set, options), { fraction: 0.5 }, ['stratified', 'seed']],
  ['images.grid', (options) => images.grid(set, options), { rows: 1, columns: 1 }, ['scale', 'seed', 'labels']],
];

const optionalLater: typeof optional = [
  [
    'augmentations.preview',
    (options) => augmentations.preview(set, [], options),
    {},
    ['epoch', 'seed', 'mean', 'indices'],
  ],
  ['datasets.cifar100', (options) => datasets.cifar100(options), {}, ['labels']],
  [
    'datasets.fromCifarFiles',
    (options) => datasets.fromCifarFiles(options),
    { files: ['none.bin'], classes: 2 },
    ['labelBytes', 'readAhead'],
  ],
  [
    'ops.im2col',
    (options) => ops.im2col({ data: new Float32Array(16), shape: [4, 4] }, options),
    { kernelSize: 2 },
    ['strides', 'dilation', 'padding'],
  ],
  [
    'findLearningRate',
    (options) => findLearningRate(compiled(), set, options),
    {},
    ['from', 'to', 'steps', 'batchSize', 'smoothing', 'divergence'],
  ],
];

function compiled() {
  const model = sequential({ inputShape: [1, 4, 4] }, [layers.flatten(), layers.dense({ units: 2 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  return model;
}

const refusal = (who: string, name: string) => ({
  instanceOf: CnnativeError,
  message: new RegExp(`^${who}: expected .* for ${name}.*, received null`),
});

for (const [who, make, given, names] of optional) {
  test(`${who} takes null for no option left out`, (t) => {
    for (const name of names) {
      t.notThrows(() => make({ ...given, [name]: undefined } as never), name);
      t.throws(() => make({ ...given, [name]: null } as never), refusal(who, name), name);
    }
  });
}

for (const [who, make, given, names] of optionalLater) {
  test(`${who} takes null for no option left out`, async (t) => {
    for (const name of names) {
      await t.throwsAsync(async () => make({ ...given, [name]: null } as never), refusal(who, name), name);
    }
  });
}
