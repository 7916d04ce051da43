import test from 'ava';
import { type Dataset, datasets, ShapeError } from 'cnnative';
import { noise } from '../../helpers/small.js';
import { at } from '../../helpers/values.js';

/** Samples whose pixels are their numbers, three classes of different size. */
function numbered(size: number): Dataset {
  return datasets.fromArrays({
    images: Uint8Array.from({ length: size * 2 }, (_, i) => i >> 1),
    labels: Int32Array.from({ length: size }, (_, i) => (i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2)),
    shape: [2],
    classes: 3,
    weights: Float32Array.from({ length: size }, (_, i) => i / 4),
  });
}

/** Numbers of the samples of a set, of which all arrays must tell the same. */
function samplesOf(set: Dataset, all: Dataset): number[] {
  return Array.from({ length: set.size }, (_, i) => {
    const sample = at(set.images, 2 * i);
    const fits =
      at(set.images, 2 * i + 1) === sample &&
      at(set.labels, i) === at(all.labels, sample) &&
      at(set.weights as Float32Array, i) === sample / 4;
    return fits ? sample : -1;
  });
}

test('a split takes every sample once, by its seed', (t) => {
  const set = numbered(100);
  const [first, second] = datasets.split(set, { fraction: 0.83, seed: 4 });
  const [a, b] = [samplesOf(first, set), samplesOf(second, set)];
  t.deepEqual([a.length, b.length], [83, 17]);
  t.deepEqual(
    [...a, ...b].sort((x, y) => x - y),
    Array.from({ length: 100 }, (_, i) => i),
  );
  t.deepEqual(
    a,
    [...a].sort((x, y) => x - y),
  );
  t.deepEqual(samplesOf(datasets.split(set, { fraction: 0.83, seed: 4 })[1], set), b);
  t.notDeepEqual(samplesOf(datasets.split(set, { fraction: 0.83, seed: 5 })[1], set), b);
  t.is(first.classes, 3);
  t.is(first.shape, set.shape);
});

test('parts by sizes may leave samples out', (t) => {
  const set = numbered(50);
  const parts = datasets.split(set, { sizes: [20, 5, 10] });
  const all = parts.flatMap((part) => samplesOf(part, set));
  t.deepEqual(
    parts.map(({ size }) => size),
    [20, 5, 10],
  );
  t.is(new Set(all).size, 35);
  t.true(all.every((sample) => sample >= 0));
});

test('stratified parts have every class by its share', (t) => {
  const set = numbered(200);
  for (const seed of [0, 1, 2]) {
    const parts = datasets.split(set, { sizes: [110, 50, 40], stratified: true, seed });
    t.is(new Set(parts.flatMap((part) => samplesOf(part, set))).size, 200);
    for (const part of parts) {
      for (const [label, share] of [0.6, 0.3, 0.1].entries()) {
        const count = part.labels.filter((other) => other === label).length;
        t.true(Math.abs(count - share * part.size) <= 1, `${count} of class ${label} among ${part.size}`);
      }
    }
  }
});

test('stratified parts have their share of a large class beside many small ones', (t) => {
  const shares = (labels: number[], options: Parameters<typeof datasets.split>[1]) => {
    const images = new Uint8Array(labels.length);
    const set: Dataset = datasets.fromArrays({ images, labels: Int32Array.from(labels), shape: [1] });
    const parts = datasets.split(set, { ...options, stratified: true });
    return parts.map((part) => [...part.labels].filter((label) => label === 0).length);
  };
  const singles = Array.from({ length: 100 }, (_, i) => Math.max(0, i - 79));
  const pairs = Array.from({ length: 200 }, (_, i) => (i < 100 ? 0 : 1 + ((i - 100) >> 1)));
  for (const seed of [0, 1, 2]) {
    t.deepEqual(shares(singles, { sizes: [40, 20, 40], seed }), [32, 16, 32]);
    t.deepEqual(shares(singles, { fraction: 0.6, seed }), [48, 32]);
    t.deepEqual(shares(singles, { sizes: [10, 5], seed }), [8, 4]);
    t.deepEqual(shares(pairs, { fraction: 0.9, seed }), [90, 10]);
  }
});

test('subsets are of indices, of classes, of the first', (t) => {
  const set = numbered(40);
  t.deepEqual(samplesOf(datasets.subset(set, { indices: [7, 3, 3] }), set), [7, 3, 3]);
  t.deepEqual(samplesOf(datasets.subset(set, { first: 3 }), set), [0, 1, 2]);
  t.deepEqual(samplesOf(datasets.subset(set, { classes: [2] }), set), [9, 19, 29, 39]);
  t.deepEqual(samplesOf(datasets.subset(set, { classes: [2, 1], first: 4 }), set), [6, 7, 8, 9]);
  t.deepEqual(samplesOf(datasets.subset(set, { indices: Int32Array.of(9, 0, 8, 19), classes: [2] }), set), [9, 19]);
  t.is(datasets.subset(set, { first: 99 }).size, 40);
});

test('a part of a part, several times over', (t) => {
  const set = numbered(40);
  const part = datasets.subset(datasets.subset(set, { indices: [5, 6, 7, 8] }), { indices: [3, 1] });
  t.deepEqual(samplesOf(part, set), [8, 6]);
  t.deepEqual(samplesOf(datasets.repeat(part, 3), set), [8, 6, 8, 6, 8, 6]);
});

test('frozen sets have parts as others do', (t) => {
  const set = Object.freeze(numbered(10));
  const parts = datasets.split(set, { fraction: 0.5 });
  t.deepEqual(
    parts.flatMap((part) => samplesOf(part, set)).sort((a, b) => a - b),
    [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
  );
  t.deepEqual(samplesOf(datasets.subset(set, { indices: [7, 3] }), set), [7, 3]);
  const twice = datasets.repeat(Object.freeze(datasets.subset(set, { first: 2 })), 2);
  t.deepEqual(samplesOf(twice, set), [0, 1, 0, 1]);
});

test('pixels of a part are copied when they are read, not before', (t) => {
  const set = numbered(10);
  let reads = 0;
  const watched = Object.defineProperties({} as Dataset, {
    ...Object.getOwnPropertyDescriptors(set),
    images: {
      enumerable: true,
      get: () => {
        reads++;
        return set.images;
      },
    },
  });
  const [part] = datasets.split(watched, { fraction: 0.5 });
  const twice = datasets.repeat(part, 2);
  t.is(reads, 0);
  t.is(twice.images.length, 20);
  t.is(twice.images, twice.images);
  t.true(reads > 0);
});

test('targets and several parts are chosen alike', (t) => {
  const set = datasets.fromArrays({
    images: [Float32Array.of(0, 1, 2), Uint8Array.of(0, 0, 1, 1, 2, 2)],
    shape: [[1], [2]],
    targets: Float32Array.of(0, 10, 1, 11, 2, 12),
    targetShape: [2],
  });
  const part = datasets.subset(set, { indices: [2, 0] });
  t.deepEqual(part.images, [Float32Array.of(2, 0), Uint8Array.of(2, 2, 0, 0)]);
  t.deepEqual(part.targets, Float32Array.of(2, 12, 0, 10));
  const joined = datasets.concatenate([part, set]);
  t.deepEqual(joined.images, [Float32Array.of(2, 0, 0, 1, 2), Uint8Array.of(2, 2, 0, 0, 0, 0, 1, 1, 2, 2)]);
  t.deepEqual(joined.targets, Float32Array.of(2, 12, 0, 10, 0, 10, 1, 11, 2, 12));
  t.is(joined.size, 5);
});

test('concatenated sets hold the samples of all', (t) => {
  const set = numbered(20);
  const [first, second] = datasets.split(set, { fraction: 0.5 });
  t.deepEqual(samplesOf(datasets.concatenate([second, first]), set), [
    ...samplesOf(second, set),
    ...samplesOf(first, set),
  ]);
});

test('concatenated sets have classes of the same names', (t) => {
  const of = (...classNames: string[]) => ({ ...numbered(10), classNames });
  const [pets, unnamed] = [of('cat', 'dog', 'elk'), numbered(10)];
  t.deepEqual(datasets.concatenate([pets, pets]).classNames, pets.classNames);
  t.deepEqual(datasets.concatenate([pets, unnamed]).classNames, pets.classNames);
  t.throws(() => datasets.concatenate([pets, unnamed, of('cat', 'elk', 'dog')]), {
    message:
      /^datasets\.concatenate sets\[2\]: expected classNames as the first set has them, "dog" for class 1, received "elk"\./,
  });
  t.throws(() => datasets.concatenate([of('cat', 'dog'), pets]), { message: /none for class 2, received "elk"/ });
});

test('concatenated sets have mean and deviation where all have the same', (t) => {
  const of = (mean?: number[], std?: number[]) => ({ ...numbered(4), ...(mean && { mean }), ...(std && { std }) });
  const set = of([0.5], [0.25]);
  const same = datasets.concatenate([set, of([0.5], [0.25]), datasets.subset(set, { first: 2 })]);
  t.deepEqual([same.mean, same.std], [[0.5], [0.25]]);
  for (const other of [of([0.4], [0.25]), of([0.5], [0.2]), of([0.5]), of()]) {
    for (const joined of [datasets.concatenate([set, other]), datasets.concatenate([other, set])]) {
      t.false('mean' in joined || 'std' in joined);
    }
  }
  t.deepEqual(set.mean, [0.5]);
});

test('map gives samples other pixels', (t) => {
  const set = numbered(6);
  const made = datasets.map(
    set,
    ({ image, index, label }) => Float32Array.of((image[0] as number) * 2, index, label as number),
    { shape: [3, 1, 1] },
  );
  t.deepEqual(made.images, Float32Array.from([0, 1, 2, 3, 4, 5].flatMap((i) => [2 * i, i, at(set.labels, i)])));
  t.deepEqual(made.shape, [3, 1, 1]);
  t.is(made.labels, set.labels);
  t.is(made.weights, set.weights);
});

test('a mapped set has no mean and deviation of the pixels before', (t) => {
  const set: Dataset = { ...numbered(4), classNames: ['a', 'b', 'c'], mean: [0.5], std: [0.25] };
  const made = datasets.map(set, ({ image }) => image.map((pixel) => 255 - pixel));
  t.false('mean' in made || 'std' in made);
  t.deepEqual([made.classNames, made.classes, made.size], [set.classNames, 3, 4]);
  t.deepEqual([set.mean, set.std], [[0.5], [0.25]]);
});

test('what does not fit is rejected by name', (t) => {
  const set = numbered(10);
  const other = noise(4, [2], 3);
  const wrong = [
    [
      () => datasets.split(set, { fraction: 1 }),
      /above 0 and below 1 for fraction.* of 10 samples at least, received 1/,
    ],
    [() => datasets.split(set, {}), /either fraction or sizes, received neither/],
    [() => datasets.split(set, { fraction: 0.5, sizes: [1] }), /either fraction or sizes, received both/],
    [() => datasets.split(set, { sizes: [9, 2] }), /together at most 10 .*received \[9, 2\]/],
    [() => datasets.split(set, { sizes: [] }), /from 1 for sizes/],
    [
      () => datasets.split(5 as never, { fraction: 0.5 }),
      /datasets.split: expected a dataset held in memory.*received 5/,
    ],
    [
      () => datasets.subset(datasets.streamed({ shape: [2], labels: [0, 1], read: () => {} }) as never, { first: 1 }),
      /held in memory.*StreamedDataset\. Give it await set\.toMemory\(\)\./,
    ],
    [() => datasets.subset(set, { indices: [10] }), /from 0 to 9 for indices, received 10 at place 0/],
    [() => datasets.subset(set, { indices: [] }), /at least one sample for indices/],
    [() => datasets.subset(set, { classes: [7] }), /at least one sample of the classes 7, received none/],
    [() => datasets.subset(set, { first: 0 }), /at least 1 for first, received 0/],
    [() => datasets.repeat(set, 0), /at least 1 for times, received 0/],
    [() => datasets.repeat(set, 2 ** 28), /at most 26843545 for times/],
    [() => datasets.concatenate([]), /expected an array of datasets/],
    [
      () => datasets.concatenate([set, other]),
      /weights in all of the sets or in none, received one without at place 1/,
    ],
    [
      () => datasets.concatenate([other, noise(4, [3], 3)]),
      /like those of the first set \(\[2\], 3 classes\), received \[3\], 3 classes/,
    ],
    [
      () => datasets.concatenate([other, { ...other, images: new Uint8Array(8) }]),
      /pixels of Float32Array.*received Uint8Array/,
    ],
    [
      () => datasets.map(set, ({ image }) => image.subarray(1)),
      /Uint8Array or Float32Array of 2 pixels.*Uint8Array\(1\) for sample 0/,
    ],
    [() => datasets.map(set, () => Float32Array.of(1, Number.NaN)), /finite pixels, received others for sample 0/],
    [
      () => datasets.map(set, ({ index }) => (index > 1 ? new Uint8Array(2) : new Float32Array(2))),
      /Float32Array of 2 pixels.* for sample 2/,
    ],
    [() => datasets.map(set, () => new Uint8Array(2), { shape: [2, 1] }), /for shape, received \[2, 1\]/],
  ] as const;
  for (const [make, message] of wrong) t.throws(make, { message });
});

test('sets that hold more or less than their size says are refused, as by fit', (t) => {
  const set = numbered(10);
  const targets = { targets: new Float32Array(20), targetShape: [2] };
  const several = { images: [new Uint8Array(20), new Float32Array(30)], shape: [[2], [3]] };
  const { labels } = set;
  const faults: [object, RegExp][] = [
    [{ images: new Uint8Array(19) }, /at least one sample, with 2 values each, received 19 values for 10 samples/],
    [{ size: 9 }, /with 2 values each, received 20 values for 9 samples/],
    [{ shape: [1, 2, 2] }, /with 4 values each, received 20 values for 10 samples/],
    [{ ...several, shape: [[2], [2]] }, /with 2 values each, received 30 values for 10 samples/],
    [{ labels: labels.subarray(1) }, /a label for each sample, received 9 labels for 10 samples/],
    [{ ...targets, targetShape: [3] }, /3 targets for each of 10 samples, received 20 targets/],
    [{ weights: new Float32Array(11) }, /a weight for each of 10 samples for weights, received Float32Array\(11\)/],
  ];
  const uses = {
    subset: (one: Dataset) => datasets.subset(one, { first: 2 }),
    split: (one: Dataset) => datasets.split(one, { fraction: 0.5 }),
    repeat: (one: Dataset) => datasets.repeat(one, 2),
    concatenate: (one: Dataset) => datasets.concatenate([one, one]),
    map: (one: Dataset) => datasets.map(one, ({ image }) => image),
  };
  for (const [name, use] of Object.entries(uses)) {
    for (const [fault, message] of faults) {
      const error = t.throws(() => use({ ...set, ...fault } as Dataset), { instanceOf: ShapeError, message }, name);
      t.true(error?.message.startsWith(`datasets.${name}: expected `));
    }
    for (const odd of [{ labels: [...labels] }, { images: [1, 2] }, { images: null }, { targets: [1] }]) {
      t.throws(() => use({ ...set, ...odd } as never), { message: /a dataset held in memory/ }, name);
    }
    if (name !== 'map') t.notThrows(() => use({ ...set, ...targets, ...several } as never), name);
  }
});

test('keys that say nothing are as if they were not there', (t) => {
  const set = { ...noise(8, [1, 2, 2], 2), weights: undefined, targets: undefined } as unknown as Dataset;
  const part = datasets.subset(set, { first: 2 });
  t.deepEqual([part.size, part.weights, 'targets' in part], [2, undefined, false]);
});
