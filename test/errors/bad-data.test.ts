import test from 'ava';
import { type Dataset, datasets, ShapeError } from 'cnnative';
import { type Anything, JUNK, refused, show } from '../helpers/bad-values.js';
import { blobs, smallModel } from '../helpers/small.js';

function change(set: Dataset, changes: Record<string, unknown>): Dataset {
  return { ...set, ...changes } as Dataset;
}

test('fit and evaluate refuse what is no dataset, or none for the model', async (t) => {
  const model = smallModel();
  const set = blobs(4);
  const cases: [Dataset, RegExp][] = [
    ...([...JUNK, undefined, set.images, [set], { train: set, test: set }] as Anything[]).map(
      (value): [Dataset, RegExp] => [value, /expected a dataset/],
    ),
    [change(set, { images: Array.from(set.images) }), /expected a dataset/],
    [change(set, { images: new Float64Array(8) }), /expected a dataset/],
    [change(set, { labels: [0, 1, 2, 0] }), /expected a dataset/],
    [change(set, { labels: new Uint8Array(4) }), /expected a dataset/],
    [change(set, { shape: '2' }), /expected a dataset/],
    [change(set, { shape: [1, 2] }), /shape \[2\] for input, received \[1, 2\]/],
    [change(set, { shape: [3] }), /shape \[2\] for input, received \[3\]/],
    [change(set, { shape: [] }), /shape \[2\] for input, received \[\]/],
    [change(set, { shape: new Array(1) }), /shape \[2\] for input, received /],
    [change(set, { size: 5 }), /8 values for 5 samples/],
    [change(set, { size: Number.NaN }), /for NaN samples/],
    [change(set, { size: -4 }), /for -4 samples/],
    [change(set, { size: '4' }), /for 4 samples/],
    [change(set, { images: new Float32Array(0), labels: new Int32Array(0), size: 0 }), /at least one sample/],
    [change(set, { images: new Float32Array(7) }), /7 values/],
    [change(set, { labels: Int32Array.of(0, 1, 2) }), /3 labels/],
    [change(set, { labels: Int32Array.of(0, 1, 2, 3) }), /labels from 0 to 2.*received 3 at position 3/],
    [change(set, { labels: Int32Array.of(0, -1, 2, 0) }), /labels from 0 to 2.*received -1 at position 1/],
  ];
  for (const [data, pattern] of cases) {
    for (const call of [
      () => model.fit(data),
      () => model.evaluate(data),
      () => model.fit(set, { validationData: data ?? null }),
    ]) {
      const error = await refused(t, show(data), call);
      t.regex(error?.message ?? '', pattern);
    }
  }
  const other = datasets.fromArrays({ images: new Uint8Array(784), labels: [9], shape: [1, 28, 28] });
  const error = await refused(t, 'other', () => model.fit(other));
  t.true(error instanceof ShapeError);
});

test('arrays whose memory was given away are refused', async (t) => {
  const model = smallModel();
  const gone = Float32Array.from(blobs(4).images);
  const labels = Int32Array.from(blobs(4).labels);
  structuredClone([gone, labels], { transfer: [gone.buffer, labels.buffer] });
  t.is(gone.length, 0);
  await refused(t, 'images', () => model.fit(change(blobs(4), { images: gone })));
  await refused(t, 'labels', () => model.fit(change(blobs(4), { labels })));
  const error = await refused(t, 'predict', () => model.predict(gone));
  t.regex(error?.message ?? '', /memory was transferred/);
  await refused(t, 'setWeights', () => model.setWeights({ 'dense/bias': gone }));
});

test('arrays that shrink with their memory are refused, not read beyond its end', async (t) => {
  const model = smallModel();
  type Resizable = ArrayBuffer & { resize(bytes: number): void };
  const make = ArrayBuffer as unknown as new (bytes: number, options: { maxByteLength: number }) => Resizable;
  const buffer = new make(32, { maxByteLength: 64 });
  const set = change(blobs(4), { images: new Float32Array(buffer), size: 4 });
  await t.notThrowsAsync(model.evaluate(set));
  const again = change(set, {}); // a set of its own, so that it is read anew
  buffer.resize(28);
  await refused(t, 'fit', () => model.fit(again));
  await refused(t, 'predict', () => model.predict(again.images));
  const behind = new Float32Array(buffer, 16, 2);
  buffer.resize(8);
  t.is(behind.length, 0);
  const error = await refused(t, 'predict', () => model.predict(behind));
  t.regex(error?.message ?? '', /memory was transferred or made smaller/);
  const nothing = await model.predict(new Float32Array(0));
  t.is(nothing.data.length, 0);
});

test('a set in memory shared between threads trains as any other', async (t) => {
  const set = blobs(8);
  const images = new Float32Array(new SharedArrayBuffer(64));
  const labels = new Int32Array(new SharedArrayBuffer(32));
  images.set(set.images);
  labels.set(set.labels);
  const { history } = await smallModel().fit(change(set, { images, labels }), { epochs: 2 });
  t.deepEqual(history, (await smallModel().fit(set, { epochs: 2 })).history);
});

test('datasets.fromArrays refuses arrays with holes', async (t) => {
  const good = { images: [1, 2, 3, 4], labels: [0, 1], shape: [2], classes: 2 };
  t.notThrows(() => datasets.fromArrays(good));
  await refused(t, 'shape', () => datasets.fromArrays({ ...good, shape: new Array(1) }));
  await refused(t, 'images', () => datasets.fromArrays({ ...good, images: new Array(4) }));
  await refused(t, 'classNames', () => datasets.fromArrays({ ...good, classNames: new Array(2) }));
});
