import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import test from 'ava';
import {
  type AugmentationConfig,
  averages,
  type Callback,
  type Dataset,
  datasets,
  InvalidArgumentError,
  layers,
  type Model,
  optimizers,
  sequential,
  type TrainingData,
  type TrainOptions,
} from 'cnnative';
import { permutation } from '#lib/util/permutation.js';
import { idxBytes } from '../helpers/idx-file.js';
import { resumesFromAnywhere } from '../helpers/resumes.js';
import { pictures, SHAPE, streamedOf } from '../helpers/streamed.js';
import { temporaryFolder } from '../helpers/temporary-folder.js';

const set = pictures(75);
const validationData = pictures(20);

/** A network for pictures of bytes, with all that is drawn and kept. */
function make(): Model {
  const model = sequential({ input: { shape: SHAPE, mean: 0.5, std: 0.3 }, seed: 3 }, [
    layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, activation: 'relu' }),
    layers.batchNormalization(),
    layers.flatten(),
    layers.dropout({ rate: 0.2 }),
    layers.dense({ units: 5, activation: 'softmax' }),
  ]);
  const optimizer = optimizers.adam({ learningRate: 0.01, accumulate: 2, average: averages.ema({ decay: 0.8 }) });
  model.compile({ optimizer, loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  return model;
}

const CROP_AND_FLIP: AugmentationConfig[] = [
  { type: 'randomCrop', padding: 2 },
  { type: 'horizontalFlip', mode: 'alternating' },
];
const MIXED: AugmentationConfig[] = [{ type: 'horizontalFlip' }, { type: 'mixup', alpha: 0.4 }];
const base = { epochs: 3, batchSize: 16, validationData } as const;
const parts = datasets.split(set, { fraction: 0.8, stratified: true, seed: 4 });

const IN_MEMORY: Readonly<Record<string, readonly [Dataset, TrainOptions]>> = {
  'crops and alternating flips': [set, { ...base, augment: CROP_AND_FLIP }],
  'mixed samples': [set, { ...base, augment: MIXED }],
  'the last batch dropped': [set, { ...base, lastBatch: 'drop', augment: CROP_AND_FLIP }],
  'a part of a set': [parts[0], { ...base, validationData: parts[1], augment: MIXED }],
  'sets after one another, drawn with replacement': [
    datasets.concatenate([set, parts[1]]),
    { ...base, sampling: 'replacement', stepsPerEpoch: 4, augment: [...CROP_AND_FLIP, ...MIXED.slice(1)] },
  ],
};

for (const [name, [data, options]] of Object.entries(IN_MEMORY)) {
  test(`a training on ${name} goes on to the same bits`, async (t) => {
    await resumesFromAnywhere(t, { data: () => data, options, make, stops: 4 });
  });
}

test('a training on files goes on to the same bits', async (t) => {
  const folder = await temporaryFolder(t);
  const images = join(folder, 'images-idx3-ubyte');
  await writeFile(images, idxBytes([set.size, 8, 8], set.images as Uint8Array));
  // Room for some steps only.
  const files = await datasets.fromFiles({ images, labels: set.labels, classes: 5, readAhead: 2000 });
  const options = { ...base, lastBatch: 'drop', augment: CROP_AND_FLIP } as const;
  await resumesFromAnywhere(t, { data: () => files, options, make, stops: 4 });
});

test('a training on a set read in pieces goes on to the same bits', async (t) => {
  const streamed = streamedOf(set, { readAhead: 2000 });
  const options = { ...base, validationData: streamedOf(validationData), augment: CROP_AND_FLIP };
  await resumesFromAnywhere(t, { data: () => streamed, options, make, stops: 4 });
});

/** Begins anew in each epoch, in batches that are not those of steps. */
const batches = (size?: number) =>
  datasets.fromBatches(
    async function* () {
      for (let i = 0; ; i = (i + 13) % 60) {
        yield { images: set.images.slice(i * 64, (i + 13) * 64) as Uint8Array, labels: set.labels.slice(i, i + 13) };
      }
    },
    { shape: SHAPE, classes: 5, readAhead: 2000, ...(size && { size }) },
  );

test('a training on batches as they come goes on to the same bits', async (t) => {
  const options = { ...base, augment: CROP_AND_FLIP };
  await resumesFromAnywhere(t, { data: () => batches(), options: { ...options, stepsPerEpoch: 4 }, make, stops: 4 });
  await resumesFromAnywhere(t, { data: () => batches(70), options, make, stops: 2 });
});

/** Stopped behind a step, leaving a checkpoint. */
async function stoppedAt(at: number, folder: string, data: TrainingData, options: TrainOptions): Promise<void> {
  const controller = new AbortController();
  const stop: Callback = {
    onStep: ({ step }) => {
      if (step === at) controller.abort(new Error('stopped'));
    },
  };
  const stopped = { ...options, checkpoint: { folder }, signal: controller.signal, callbacks: [stop] };
  await make()
    .fit(data, stopped)
    .catch(() => undefined);
}

test('an epoch that goes on reads only the samples of the steps that are left', async (t) => {
  const folder = await temporaryFolder(t);
  const options = { epochs: 1, batchSize: 16 };
  await stoppedAt(3, folder, set, options);
  const read: number[] = [];
  const streamed = streamedOf(set, { before: async (indices) => void read.push(...indices) });
  await make().fit(streamed, { ...options, resume: folder, callbacks: [{ onStep: () => undefined }] });
  t.deepEqual(read, [...permutation(set.size, 3, 0).subarray(3 * 16)]);
});

test('an iterable cannot go on in the middle of an epoch: its beginning may be anywhere', async (t) => {
  const folder = await temporaryFolder(t);
  const options = { epochs: 1, batchSize: 16 };
  await stoppedAt(3, folder, batches(70), options);
  const batch = { images: set.images as Uint8Array, labels: set.labels };
  const iterable = datasets.fromBatches([batch], { shape: SHAPE, classes: 5, size: 70 });
  const model = make();
  const resumed = { ...options, resume: folder, callbacks: [{ onStep: () => undefined }] };
  await t.throwsAsync(model.fit(iterable, resumed), {
    instanceOf: InvalidArgumentError,
    message: /expected a function that gives batches, to go on in the middle of an epoch/,
  });
});
