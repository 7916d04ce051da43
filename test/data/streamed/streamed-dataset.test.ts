import { getEventListeners } from 'node:events';
import test from 'ava';
import {
  DataError,
  datasets,
  InvalidArgumentError,
  layers,
  optimizers,
  ShapeError,
  type StreamedOptions,
  sequential,
} from 'cnnative';
import { native } from '#lib/native.js';
import { describe } from '#lib/util/describe.js';
import { pictures, streamedOf } from '../../helpers/streamed.js';

test('a streamed set is read by indices, and as a whole', async (t) => {
  const set = pictures(2000);
  const streamed = streamedOf(set);
  t.deepEqual([streamed.size, streamed.shape, streamed.classes], [2000, [1, 8, 8], 5]);
  t.is(streamed.labels, set.labels);
  const into = new Uint8Array(128);
  await streamed.read(Int32Array.of(1999, 3), into);
  t.deepEqual(into, Uint8Array.of(...set.images.subarray(1999 * 64), ...set.images.subarray(3 * 64, 4 * 64)));
  t.deepEqual(await streamed.toMemory(), { ...set, shape: [1, 8, 8] });
  const reason = new Error('enough');
  t.is(await t.throwsAsync(streamed.toMemory({ signal: AbortSignal.abort(reason) })), reason);
  t.is(await t.throwsAsync(streamed.read(Int32Array.of(1), into.subarray(64), AbortSignal.abort(reason))), reason);
});

test('a read must have room for its samples, which must be there', async (t) => {
  const set = streamedOf(pictures(10));
  await t.throwsAsync(set.read(Int32Array.of(1), new Uint8Array(65)), {
    instanceOf: InvalidArgumentError,
    message: 'StreamedDataset.read: expected a Uint8Array(64) for into, received Uint8Array(65).',
  });
  await t.throwsAsync(set.read(Int32Array.of(1), new Float32Array(64)), { message: /received Float32Array\(64\)/ });
  for (const index of [-1, 10, 0.5, Number.NaN, '1', undefined]) {
    await t.throwsAsync(set.read([9, index] as never, new Uint8Array(128)), {
      instanceOf: InvalidArgumentError,
      message: `StreamedDataset.read: expected integers from 0 to 9 for indices, received ${describe(index)} at place 1.`,
    });
  }
  for (const indices of [undefined, null, 5, 'abc']) {
    await t.throwsAsync(set.read(indices as never, new Uint8Array(64)), {
      instanceOf: InvalidArgumentError,
      message: `StreamedDataset.read: expected an array of sample numbers for indices, received ${describe(indices)}.`,
    });
  }
  await t.throwsAsync(set.read(Int32Array.of(1), new Uint8Array(64), 5 as never), {
    instanceOf: InvalidArgumentError,
    message: 'StreamedDataset.read: expected an AbortSignal for signal, received 5.',
  });
});

test('a number that is not finite is met where it is read, and its sample named', async (t) => {
  const bad = (value: number) =>
    datasets.streamed({
      shape: [1, 1, 2],
      labels: [0, 1, 0, 1],
      element: 'float32',
      read: (indices, into) => into.set([...indices].flatMap((index) => [1, index === 2 ? value : 0])),
    });
  const model = sequential({ inputShape: [1, 1, 2] }, [layers.flatten(), layers.dense({ units: 2 })]);
  model.compile({ optimizer: optimizers.sgd(), loss: 'sparseCategoricalCrossentropy', metrics: ['accuracy'] });
  for (const value of [Number.NaN, Infinity, -Infinity]) {
    const set = bad(value);
    const error = {
      instanceOf: DataError,
      message:
        `datasets.streamed: expected finite numbers from read, received ${value} at value 1 of sample 2. ` +
        'Replace such values or leave their samples out.',
    };
    await t.throwsAsync(set.read(Int32Array.of(3, 2), new Float32Array(4)), error);
    await t.throwsAsync(set.toMemory(), error);
    await t.throwsAsync(model.evaluate(set), error);
    await t.throwsAsync(model.fit(await bad(0).toMemory(), { validationData: set }), error);
    await t.throwsAsync(model.fit(set), error);
  }
  await t.notThrowsAsync(model.fit(bad(3e38), { terminateOnNaN: false }));
});

test('a read that gives its memory away is told so', async (t) => {
  const set = datasets.streamed({
    shape: [2],
    labels: [0, 1],
    read: (_, into) => {
      structuredClone(into, { transfer: [into.buffer as ArrayBuffer] });
    },
  });
  const error = {
    instanceOf: InvalidArgumentError,
    message:
      'datasets.streamed: expected read to fill into, received it detached: its memory was transferred. ' +
      'Fill it with a copy of what a worker gives.',
  };
  await t.throwsAsync(set.read(Int32Array.of(1), new Uint8Array(2)), error);
  await t.throwsAsync(set.toMemory(), error);
});

test('readAhead is a size', (t) => {
  const options = { shape: [2], labels: [0, 1], read: () => {} };
  t.is(datasets.streamed(options).readAhead, 32e6);
  t.is(datasets.streamed({ ...options, readAhead: '64MB' }).readAhead, 64e6);
});

test('tells which option is wrong', (t) => {
  const good: StreamedOptions = { shape: [2], labels: [0, 1], read: () => {} };
  const cases: [object, RegExp, new (message: string) => Error][] = [
    [{ read: 7 }, /expected a function \(indices, into, signal\) for read, received 7/, InvalidArgumentError],
    [{ shape: [] }, /for shape, received \[\]/, ShapeError],
    [{ shape: [0, 2] }, /for shape/, ShapeError],
    [{ labels: [] }, /not empty, for labels/, InvalidArgumentError],
    [{ labels: 'abc' }, /for labels/, InvalidArgumentError],
    [{ labels: [0, 1.5] }, /expected integers from 0 for labels, received 1.5 at position 1/, DataError],
    [{ labels: Object.assign(new Array(3), [0]) }, /received undefined at position 1/, DataError],
    [{ labels: Int32Array.of(0, -1) }, /expected labels from 0 to 0, received -1 at position 1/, DataError],
    [{ classes: 1 }, /expected labels from 0 to 0, received 1 at position 1/, DataError],
    [{ classes: 3, classNames: ['a'] }, /a name for each of the 3 classes/, InvalidArgumentError],
    [{ classNames: [1, 2] }, /array of strings for classNames/, InvalidArgumentError],
    [{ element: 'float64' }, /'uint8', 'float32' for element/, InvalidArgumentError],
    [{ readAhead: 0 }, /for readAhead, received 0/, InvalidArgumentError],
    [{ label: [] }, /"label"/, InvalidArgumentError],
  ];
  for (const [options, message, instanceOf] of cases) {
    t.throws(() => datasets.streamed({ ...good, ...options } as StreamedOptions), { instanceOf, message });
  }
});

test('native code refuses what does not fit its memory', (t) => {
  const set = new native.Dataset([{ samples: new Uint8Array(12), features: 3 }], new Int32Array(4));
  set.write(2, new Uint8Array(6), Int32Array.of(1, 2));
  for (const [first, samples, labels] of [
    [3, new Uint8Array(6), Int32Array.of(0, 0)],
    [-1, new Uint8Array(3), Int32Array.of(0)],
    [2 ** 53, new Uint8Array(3), Int32Array.of(0)],
    [0, new Uint8Array(5), Int32Array.of(0, 0)],
    [0, new Float32Array(3), Int32Array.of(0)],
    [0, new Uint8Array(3), Int32Array.of(-1)],
    [0, new Uint8Array(3), new Uint8Array(1)],
  ] as [number, Uint8Array, Int32Array][]) {
    t.throws(() => set.write(first, samples, labels), { instanceOf: TypeError });
  }
  const two = new native.Dataset(
    [
      { samples: new Uint8Array(2), features: 1 },
      { samples: new Uint8Array(2), features: 1 },
    ],
    new Int32Array(2),
  );
  t.throws(() => two.write(0, new Uint8Array(1), Int32Array.of(0)), { instanceOf: TypeError });

  const source = { path: '/nowhere', rowBytes: 4, swapped: false };
  for (const [rows, positions, into] of [
    [source, Float64Array.of(0, 4), new Uint8Array(7)],
    [source, Float64Array.of(-1), new Uint8Array(4)],
    [source, Float64Array.of(Number.NaN), new Uint8Array(4)],
    [source, new Int32Array(1), new Uint8Array(4)],
    [source, Float64Array.of(0), new Int32Array(1)],
    [{ ...source, rowBytes: 0 }, Float64Array.of(0), new Uint8Array(4)],
    [{ ...source, rowBytes: 6 }, Float64Array.of(0), new Float32Array(4)],
    [{ ...source, path: 7 }, Float64Array.of(0), new Uint8Array(4)],
  ] as [typeof source, Float64Array, Uint8Array][]) {
    t.throws(() => native.readRows(rows, positions, into), { instanceOf: TypeError });
  }
  t.throws(() => native.toPlanes(new Uint8Array(7), 3, new Uint8Array(7)), { instanceOf: TypeError });
  t.throws(() => native.toPlanes(new Uint8Array(6), 3, new Uint8Array(5)), { instanceOf: TypeError });
  t.throws(() => native.toPlanes(new Uint8Array(6), 0, new Uint8Array(6)), { instanceOf: TypeError });
});

test('a signal ends toMemory, though a read is stuck', async (t) => {
  const stuck = datasets.streamed({ shape: [1], labels: [0, 1], read: () => new Promise(() => {}) });
  const reason = new Error('enough');
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), 10);
  t.is(await t.throwsAsync(stuck.toMemory({ signal: controller.signal })), reason);
});

test('toMemory that fails tells the reads under way that nobody waits any more', async (t) => {
  const fault = new Error('no such sample');
  const handed: AbortSignal[] = [];
  const set = datasets.streamed({
    // Four samples a megabyte, which are read in one call.
    shape: [2 ** 18],
    labels: new Int32Array(16),
    read: async (indices, _, signal) => {
      handed.push(signal);
      if (indices[0] !== 0) return new Promise(() => {});
      await new Promise(setImmediate);
      throw fault;
    },
  });
  t.is(await t.throwsAsync(set.toMemory()), fault);
  t.true(handed.length > 1);
  t.true(handed.every(({ aborted }) => aborted));

  const controller = new AbortController();
  const reason = new Error('enough');
  let told: unknown;
  const stuck = datasets.streamed({
    shape: [1],
    labels: [0],
    read: (_indices, _into, signal) =>
      new Promise(() => {
        signal.addEventListener('abort', () => {
          told = signal.reason;
        });
        setImmediate(() => controller.abort(reason));
      }),
  });
  t.is(await t.throwsAsync(stuck.toMemory({ signal: controller.signal })), reason);
  t.is(told, reason);
  t.is(getEventListeners(controller.signal, 'abort').length, 0);
});

test('toMemory checks its options, and that the set fits into an array', async (t) => {
  const set = streamedOf(pictures(10));
  const fails = (options: object, message: RegExp) =>
    t.throwsAsync(set.toMemory(options), { instanceOf: InvalidArgumentError, message });
  await fails({ signal: 5 }, /^StreamedDataset\.toMemory: expected an AbortSignal for signal, received 5\.$/);
  await fails(
    { sinal: AbortSignal.abort() },
    /^StreamedDataset\.toMemory: expected only the options signal, .*"sinal"/,
  );
  await fails(null as never, /^StreamedDataset\.toMemory: expected an object for the options, received null/);

  let read = false;
  const large = datasets.streamed({
    shape: [2 ** 20, 2 ** 20],
    labels: [0, 1],
    read: () => {
      read = true;
    },
  });
  await t.throwsAsync(large.toMemory(), {
    instanceOf: DataError,
    message:
      'StreamedDataset.toMemory: expected a set that fits into one array, received 2 samples of 1099511627776 values. ' +
      'Train on it as it is: fit reads samples when they are needed.',
  });
  t.false(read);
});
