import { getEventListeners } from 'node:events';
import test from 'ava';
import { datasets, InvalidArgumentError, ShapeError, type TrainEventOptions } from 'cnnative';
import type { TrainingData } from '#lib/data/dataset.js';
import { type EpochChunk, epochChunks } from '#lib/model/epoch-chunks.js';
import { inOrder, permutation } from '#lib/util/permutation.js';
import { blobs, smallModel } from '../helpers/small.js';
import { pictureModel, pictures, streamedOf } from '../helpers/streamed.js';
import { fingerprint, trained } from '../helpers/trained.js';

const CASES: TrainEventOptions[] = [
  { epochs: 3, batchSize: 32 },
  { epochs: 2, batchSize: 7 },
  { epochs: 2, batchSize: 16, shuffle: false },
  { epochs: 2, batchSize: 16, stepsPerEpoch: 5 },
  { epochs: 2, batchSize: 16, sampling: 'replacement', stepsPerEpoch: 40 },
  { epochs: 1, batchSize: 1000 },
];

for (const options of CASES) {
  test(`a streamed set trains like the same in memory, to the bit: ${JSON.stringify(options)}`, async (t) => {
    const set = pictures(299);
    const held = pictureModel();
    const inMemory = await trained(held, set, { ...options, validationData: pictures(50) });
    for (const readAhead of [1, 5000, 16_000, 1e6]) {
      const model = pictureModel();
      const validationData = streamedOf(pictures(50), { readAhead });
      t.deepEqual(await trained(model, streamedOf(set, { readAhead }), { ...options, validationData }), inMemory);
      t.deepEqual(await model.predict(set.images), await held.predict(set.images));
    }
  });
}

test('reads that are slow, and end in another order than they began, change no bit', async (t) => {
  const set = pictures(200);
  let calls = 0;
  const before = () => new Promise<void>((resolve) => setTimeout(resolve, [9, 0, 4][calls++ % 3]));
  const options = { epochs: 2, batchSize: 8 };
  t.deepEqual(
    await trained(pictureModel(), streamedOf(set, { before }), options),
    await trained(pictureModel(), set, options),
  );
  t.true(calls > 8);
});

test('numbers in float32 are streamed as well', async (t) => {
  const set = blobs(100);
  t.deepEqual(
    await trained(smallModel(), streamedOf(set, { readAhead: 400 }), { epochs: 3, batchSize: 8 }),
    await trained(smallModel(), set, { epochs: 3, batchSize: 8 }),
  );
});

test('a streamed set is evaluated to the same bits, summed in steps or from outputs', async (t) => {
  const set = pictures(299);
  for (const metrics of [['accuracy'], ['accuracy', 'confusionMatrix']] as const) {
    const model = pictureModel({ metrics: [...metrics] });
    await model.fit(set, { batchSize: 32 });
    for (const batchSize of [7, 32, 256]) {
      const streamed = await model.evaluate(streamedOf(set), { batchSize });
      t.deepEqual(streamed, await model.evaluate(set, { batchSize }));
      t.true(Number.isFinite(streamed.loss));
    }
    t.deepEqual(await model.losses(streamedOf(set)), await model.losses(set));
  }
});

test('two models train on one streamed set at the same time', async (t) => {
  const set = pictures(200);
  const streamed = streamedOf(set);
  const [a, b] = [pictureModel({ seed: 1 }), pictureModel({ seed: 2 })];
  const options = { epochs: 3, batchSize: 16 };
  const results = await Promise.all([trained(a, streamed, options), trained(b, streamed, options)]);
  t.deepEqual(results[0], await trained(pictureModel({ seed: 1 }), set, options));
  t.deepEqual(results[1], await trained(pictureModel({ seed: 2 }), set, options));
});

async function chunksOf(set: TrainingData, order: Int32Array, batchSize: number, done = 0): Promise<EpochChunk[]> {
  const chunks: EpochChunk[] = [];
  for await (const chunk of epochChunks(set, order, { batchSize, done, signal: undefined })) chunks.push(chunk);
  return chunks;
}

test('chunks are of whole steps, begin with one, and stay within what may be read ahead', async (t) => {
  const order = permutation(1000, 1, 0);
  const chunks = await chunksOf(streamedOf(pictures(1000)), order, 10);
  // 16 000 bytes hold 4 chunks of 6 steps of 10 samples of 64 bytes.
  const lengths = chunks.map(({ order: { length } }) => length);
  t.deepEqual(lengths.slice(0, 4), [10, 20, 40, 60]);
  t.true(lengths.slice(3, -1).every((length) => length === 60));
  t.deepEqual(Int32Array.from(chunks.flatMap(({ keys }) => [...keys])), order);
  t.true(chunks.every((chunk) => chunk.keys.length === chunk.order.length));
  t.true(new Set(chunks.map(({ dataset }) => dataset)).size <= 4);
});

test('the rest of an epoch can be had without its beginning', async (t) => {
  const set = pictures(100);
  const order = permutation(100, 1, 0);
  for (const data of [set, streamedOf(set)]) {
    const chunks = await chunksOf(data, order, 10, 30);
    t.deepEqual(Int32Array.from(chunks.flatMap(({ keys }) => [...keys])), order.subarray(30));
  }
});

test('samples are read once each, and at most so many before their turn', async (t) => {
  let read = 0;
  const set = streamedOf(pictures(1000), {
    before: async ({ length }) => {
      read += length;
    },
  });
  let given = 0;
  for await (const { order } of epochChunks(set, inOrder(1000), { batchSize: 10, signal: undefined })) {
    await new Promise((resolve) => setTimeout(resolve, 5));
    given += order.length;
    t.true(read <= given + 3 * 60, `${read} read for ${given}`);
  }
  t.is(read, 1000);
});

test('what a read throws ends the training, and the model stays usable', async (t) => {
  const set = pictures(200);
  const fault = new Error('no such sample');
  const failing = streamedOf(set, {
    before: async (indices) => {
      if (indices.includes(150)) throw fault;
    },
  });
  const model = pictureModel();
  t.is(await t.throwsAsync(model.fit(failing, { epochs: 2, batchSize: 8, shuffle: false })), fault);
  t.is(await t.throwsAsync(model.evaluate(failing)), fault);
  t.is(await t.throwsAsync(failing.toMemory()), fault);
  const { history } = await model.fit(streamedOf(set), { batchSize: 8 });
  t.is(history.loss.length, 1);
});

test('a signal stops a training that waits for samples which never come', async (t) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  let handed: AbortSignal | undefined;
  const stuck = datasets.streamed({
    shape: [1, 8, 8],
    labels: new Int32Array(100),
    classes: 5,
    read: (_indices, _into, signal) => {
      handed = signal;
      setTimeout(() => controller.abort(reason), 20);
      return new Promise(() => {});
    },
  });
  const model = pictureModel();
  t.is(await t.throwsAsync(model.fit(stuck, { signal: controller.signal })), reason);
  t.true(handed?.aborted);
  t.is(getEventListeners(controller.signal, 'abort').length, 0);
  t.is(await t.throwsAsync(model.fit(stuck, { signal: controller.signal })), reason);
  const before = await fingerprint(model);
  await model.fit(streamedOf(pictures(20)), { batchSize: 10 });
  t.not(await fingerprint(model), before);
});

test('nothing is read any more once the loop over train is left', async (t) => {
  let read = 0;
  const set = streamedOf(pictures(2000), {
    readAhead: 4000,
    before: async () => {
      read++;
      await new Promise((resolve) => setTimeout(resolve, 1));
    },
  });
  for await (const { step } of pictureModel().train(set, { batchSize: 8, logEvery: 1 })) if (step === 5) break;
  await new Promise((resolve) => setTimeout(resolve, 20));
  const stopped = read;
  await new Promise((resolve) => setTimeout(resolve, 30));
  t.is(read, stopped);
  t.true(read < 40);
});

test('tells what a streamed set lacks', async (t) => {
  const model = pictureModel();
  const set = streamedOf(pictures(20));
  const wide = datasets.streamed({ shape: [64], labels: new Int32Array(20), read: () => {} });
  await t.throwsAsync(model.fit(wide), {
    instanceOf: ShapeError,
    message: /^model\.fit: expected samples of shape \[1, 8, 8\] for input, received \[64\]\.$/,
  });
  const many = datasets.streamed({ shape: [1, 8, 8], labels: [0, 5], read: () => {} });
  await t.throwsAsync(model.evaluate(many), {
    instanceOf: InvalidArgumentError,
    message: /expected labels from 0 to 4, .* received 5 at position 1/,
  });
  for (const type of ['mixup', 'cutmix'] as const) {
    await t.throwsAsync(model.fit(set, { augment: [{ type }] }), {
      instanceOf: InvalidArgumentError,
      message: /a set in memory for mixup and cutmix.* Leave them out, or train in code on a set in memory/,
    });
  }
  const { loss, ...rest } = {
    loss: 'meanSquaredError' as const,
    optimizer: (await import('cnnative')).optimizers.sgd(),
  };
  model.compile({ loss, ...rest });
  await t.throwsAsync(model.fit(set), {
    instanceOf: InvalidArgumentError,
    message: /expected a set in memory for the loss meanSquaredError, .* received a streamed one/,
  });
});
