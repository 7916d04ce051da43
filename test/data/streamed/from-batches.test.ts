import { getEventListeners } from 'node:events';
import test from 'ava';
import {
  DataError,
  datasets,
  InvalidArgumentError,
  layers,
  optimizers,
  type SampleBatch,
  ShapeError,
  sequential,
} from 'cnnative';
import { epochChunks } from '#lib/model/epoch-chunks.js';
import { inOrder } from '#lib/util/permutation.js';
import { pictureModel, pictures } from '../../helpers/streamed.js';
import { trained } from '../../helpers/trained.js';

const set = pictures(250);
const KNOWN = { shape: [1, 8, 8], classes: 5 };

/** The set in batches of these sizes, again and again. */
function* batches(...sizes: number[]): Generator<SampleBatch> {
  for (let first = 0, i = 0; first < set.size; i++) {
    const end = Math.min(set.size, first + (sizes[i % sizes.length] as number));
    yield { images: set.images.subarray(first * 64, end * 64), labels: set.labels.subarray(first, end) };
    first = end;
  }
}

test('batches of any size train like the same samples in order, to the bit', async (t) => {
  const options = { epochs: 2, batchSize: 16 };
  const inMemory = await trained(pictureModel(), set, { ...options, shuffle: false });
  for (const sizes of [[1], [16], [250], [7, 50, 3]]) {
    const stream = datasets.fromBatches(() => batches(...sizes), { ...KNOWN, size: 250, readAhead: 8000 });
    t.deepEqual(await trained(pictureModel(), stream, options), inMemory);
  }
});

test('an async generator of unknown size trains for stepsPerEpoch steps, and is closed each time', async (t) => {
  let [begun, closed] = [0, 0];
  const stream = datasets.fromBatches(
    async function* () {
      begun++;
      try {
        for (;;) {
          await new Promise((resolve) => setTimeout(resolve, 1));
          yield* batches(20);
        }
      } finally {
        closed++;
      }
    },
    { ...KNOWN, readAhead: 4000 },
  );
  t.is(stream.size, Infinity);
  const options = { epochs: 3, batchSize: 16, stepsPerEpoch: 10 };
  t.deepEqual(
    await trained(pictureModel(), stream, options),
    await trained(pictureModel(), set, { ...options, shuffle: false }),
  );
  t.deepEqual([begun, closed], [3, 3]);
});

test('an iterable is read on from epoch to epoch', async (t) => {
  const stream = datasets.fromBatches(batches(33), KNOWN);
  const options = { batchSize: 16, stepsPerEpoch: 6, shuffle: false };
  const model = pictureModel();
  await trained(model, stream, { ...options, epochs: 2 });
  // The third epoch would take samples 192 to 287, of 250.
  await t.throwsAsync(model.fit(stream, options), {
    instanceOf: DataError,
    message: /expected at least \d+ more samples, received the end after 250\. Give fewer stepsPerEpoch/,
  });
});

test('a stream of known size is evaluated, with metrics of outputs too', async (t) => {
  for (const metrics of [['accuracy'], ['confusionMatrix']] as const) {
    const model = pictureModel({ metrics: [...metrics] });
    const stream = datasets.fromBatches(() => batches(9), { ...KNOWN, size: 250, readAhead: 4000 });
    t.deepEqual(await model.evaluate(stream, { batchSize: 16 }), await model.evaluate(set, { batchSize: 16 }));
    t.deepEqual(await model.losses(stream), await model.losses(set));
  }
});

test('an epoch of any length takes no memory for its order', async (t) => {
  const stream = datasets.fromBatches(function* () {
    for (;;) yield* batches(50);
  }, KNOWN);
  const before = process.memoryUsage().arrayBuffers;
  const options = { batchSize: 256, stepsPerEpoch: 1_000_000, logEvery: 1 };
  for await (const { event } of pictureModel().train(stream, options)) {
    t.is(event, 'step');
    break;
  }
  // A number for each sample would take a gigabyte.
  t.true(process.memoryUsage().arrayBuffers - before < 100e6);
  const longest = { batchSize: 2 ** 20, stepsPerEpoch: 2 ** 11 };
  await t.throwsAsync(pictureModel().fit(stream, longest), {
    instanceOf: InvalidArgumentError,
    message: /expected at most 2147483647 samples an epoch of a stream of batches, received 2147483648/,
  });
});

test('the rest of an epoch begins behind the samples that are done', async (t) => {
  const stream = datasets.fromBatches(() => batches(9), { ...KNOWN, size: 250, readAhead: 4000 });
  const keys: number[] = [];
  const labels: number[] = [];
  const onLabels = (part: Int32Array) => labels.push(...part);
  const order = inOrder(250);
  const options = { batchSize: 16, done: 64, signal: undefined };
  for await (const chunk of epochChunks(stream, order, { ...options, onLabels })) keys.push(...chunk.keys);
  t.deepEqual(Int32Array.from(keys), order.subarray(64));
  t.deepEqual(Int32Array.from(labels), set.labels.subarray(64));
  const once = datasets.fromBatches(batches(9), { ...KNOWN, size: 250 });
  await t.throwsAsync(epochChunks(once, order, options).next(), {
    instanceOf: InvalidArgumentError,
    message: /expected a function that gives batches, to go on in the middle of an epoch/,
  });
});

test('a signal stops a training whose source is stuck; errors of the source end it', async (t) => {
  const stuck = datasets.fromBatches(
    async function* () {
      yield* batches(30);
      await new Promise(() => {});
    },
    { ...KNOWN, size: 1000 },
  );
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 50);
  t.is(await t.throwsAsync(pictureModel().fit(stuck, { batchSize: 16, signal: controller.signal })), reason);

  const fault = new Error('of the source');
  const failing = datasets.fromBatches(
    // biome-ignore lint/correctness/useYield: it fails before
    async function* () {
      throw fault;
    },
    { ...KNOWN, size: 1000 },
  );
  t.is(await t.throwsAsync(pictureModel().fit(failing)), fault);
});

test('a signal stops a training whose source has given all samples and does not end', async (t) => {
  const reason = new Error('enough');
  const controller = new AbortController();
  const stream = datasets.fromBatches(
    async function* () {
      try {
        for (;;) yield* batches(50);
      } finally {
        setImmediate(() => controller.abort(reason));
        await new Promise(() => {});
      }
    },
    { ...KNOWN, size: 250 },
  );
  const model = pictureModel();
  t.is(await t.throwsAsync(model.fit(stream, { batchSize: 50, signal: controller.signal })), reason);
  t.is(getEventListeners(controller.signal, 'abort').length, 0);
});

test('a signal stops a training whose source gives empty batches for ever', async (t) => {
  const empty = { images: new Uint8Array(0), labels: [] };
  let given = 0;
  const stream = datasets.fromBatches(
    function* () {
      // Not for ever, should nothing stop it.
      for (; given < 1e6; given++) yield empty;
    },
    { ...KNOWN, size: 1000 },
  );
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 20);
  t.is(await t.throwsAsync(pictureModel().fit(stream, { signal: controller.signal })), reason);
  t.true(given < 1e6);
});

test('tells which batch is wrong, and how', async (t) => {
  const fitting = (batch: unknown, options = {}) =>
    pictureModel().fit(
      datasets.fromBatches(() => [...batches(100)].slice(0, 1).concat([batch as SampleBatch]), {
        ...KNOWN,
        size: 200,
        ...options,
      }),
      { batchSize: 10 },
    );
  const place = 'datasets.fromBatches: expected the batch from sample 100 on ';
  await t.throwsAsync(fitting(7), {
    instanceOf: InvalidArgumentError,
    message: `${place}to be { images: Uint8Array, labels: Int32Array, Uint8Array or array }, received 7.`,
  });
  await t.throwsAsync(fitting({ images: new Float32Array(64), labels: [0] }), {
    message: /received images: Float32Array/,
  });
  await t.throwsAsync(fitting({ images: new Uint8Array(65), labels: [0] }), {
    instanceOf: ShapeError,
    message: `${place}to hold 64 values for each of its 1 labels, received 65 values.`,
  });
  for (const label of [5, -1, 0.5, Number.NaN]) {
    await t.throwsAsync(fitting({ images: new Uint8Array(128), labels: [0, label] }), {
      instanceOf: InvalidArgumentError,
      message: `${place}to have labels from 0 to 4, received ${label} at position 1.`,
    });
  }
  await t.throwsAsync(fitting({ images: new Uint8Array(64), labels: [0] }), {
    instanceOf: DataError,
    message: /expected at least \d+ more samples, received the end after 101/,
  });
});

test('a number that is not finite is met where its batch comes, and its sample named', async (t) => {
  const model = sequential({ inputShape: [2] }, [layers.dense({ units: 2 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy' });
  const good = { images: Float32Array.of(0, 1, 2, 3), labels: [0, 1] };
  for (const value of [Number.NaN, Infinity]) {
    const bad = { images: Float32Array.of(0, 1, 2, value), labels: [0, 1] };
    const stream = datasets.fromBatches(() => [good, bad], { shape: [2], classes: 2, size: 4, element: 'float32' });
    const error = {
      instanceOf: DataError,
      message:
        `datasets.fromBatches: expected the batch from sample 2 on to have finite numbers, received ${value} at value 1 ` +
        'of sample 3. Replace such values or leave their samples out.',
    };
    await t.throwsAsync(model.evaluate(stream), error);
    await t.throwsAsync(model.fit(stream), error);
  }
});

test('an iterator gives results', async (t) => {
  for (const result of [undefined, null, 7]) {
    const stream = datasets.fromBatches(() => ({ [Symbol.iterator]: () => ({ next: () => result as never }) }), {
      ...KNOWN,
      size: 10,
    });
    await t.throwsAsync(pictureModel().fit(stream), {
      instanceOf: InvalidArgumentError,
      message:
        `datasets.fromBatches: expected { done, value } from the iterator's next(), received ${result}. ` +
        'Write async function* () {...}.',
    });
  }
});

test('tells which option is missing, or cannot be', async (t) => {
  const stream = datasets.fromBatches(() => batches(10), KNOWN);
  const model = pictureModel();
  await t.throwsAsync(model.fit(stream), { message: /expected stepsPerEpoch for a stream of batches of unknown size/ });
  await t.throwsAsync(model.fit(stream, { stepsPerEpoch: 2, shuffle: true }), { message: /expected no shuffle: true/ });
  await t.throwsAsync(model.fit(stream, { stepsPerEpoch: 2, sampling: 'replacement' }), {
    message: /expected no sampling for a stream/,
  });
  await t.throwsAsync(model.evaluate(stream), { message: /expected a set of known size to evaluate/ });
  await t.throwsAsync(model.fit(set, { validationData: stream }), {
    message: /validationData: expected a set of known/,
  });
  t.throws(() => datasets.fromBatches(7 as never, KNOWN), { message: /expected an async iterable of batches/ });
  t.throws(() => datasets.fromBatches(() => batches(1), { shape: [1, 8, 8] }), { message: /at least 1 for classes/ });
  t.throws(() => datasets.fromBatches(() => batches(1), { ...KNOWN, classNames: ['a'] }), {
    message: /for classNames/,
  });
  for (const size of [0, 2 ** 31]) {
    t.throws(() => datasets.fromBatches(() => batches(1), { ...KNOWN, size }), { message: /for size/ });
  }
  const notIterable = datasets.fromBatches((() => 7) as never, { ...KNOWN, size: 10 });
  await t.throwsAsync(model.fit(notIterable), { message: /function that gives something to iterate over, .* gives 7/ });
  const wide = datasets.fromBatches(() => batches(1), { ...KNOWN, classes: 6, size: 10 });
  await t.throwsAsync(model.fit(wide), { message: /expected at most 5 classes/ });
});
