import test from 'ava';
import type { FromArraysOptions } from 'cnnative';
import { DataError, datasets, InvalidArgumentError, ShapeError } from 'cnnative';

const good = () => ({ images: new Uint8Array(2 * 12), labels: [0, 1], shape: [1, 3, 4] });
const withOptions = (changes: Record<string, unknown>) => ({ ...good(), ...changes }) as unknown as FromArraysOptions;

test('keeps typed arrays without copying them', (t) => {
  for (const images of [new Uint8Array(24).fill(7), new Float32Array(24).fill(0.5)]) {
    const labels = Int32Array.of(2, 0);
    const set = datasets.fromArrays({ images, labels, shape: [1, 3, 4], classes: 5 });
    t.is(set.images, images);
    t.is(set.labels, labels);
    t.deepEqual([set.size, set.classes, set.shape, set.classNames], [2, 5, [1, 3, 4], undefined]);
  }
});

test('turns numbers into float32 pixels and int32 labels', (t) => {
  const set = datasets.fromArrays({ images: [0, 0.1, -2, 300], labels: [1, 0], shape: [2] });
  t.deepEqual(set.images, Float32Array.of(0, 0.1, -2, 300));
  t.deepEqual(set.labels, Int32Array.of(1, 0));
  t.deepEqual(set.shape, [2]);
});

test('takes labels as bytes', (t) => {
  t.deepEqual(datasets.fromArrays({ ...good(), labels: Uint8Array.of(0, 200) }).labels, Int32Array.of(0, 200));
});

test('views a Buffer as a plain Uint8Array over the same memory', (t) => {
  const buffer = Buffer.from(new ArrayBuffer(30), 3, 24);
  buffer.fill(9);
  const { images } = datasets.fromArrays({ ...good(), images: buffer });
  t.false(Buffer.isBuffer(images));
  t.is(images.length, 24);
  buffer[5] = 42;
  t.is(images[5], 42);
});

test('counts classes from labels, or from names', (t) => {
  t.is(datasets.fromArrays({ ...good(), labels: [0, 6] }).classes, 7);
  const named = datasets.fromArrays({ ...good(), classNames: ['cat', 'dog', 'cow'] });
  t.is(named.classes, 3);
  t.deepEqual(named.classNames, ['cat', 'dog', 'cow']);
});

test('does not change when the caller changes shape or names afterwards', (t) => {
  const shape = [1, 3, 4];
  const classNames = ['a', 'b'];
  const set = datasets.fromArrays({ ...good(), shape, classNames });
  shape[0] = 99;
  classNames[0] = 'z';
  t.deepEqual(set.shape, [1, 3, 4]);
  t.deepEqual(set.classNames, ['a', 'b']);
});

test('accepts options given as undefined', (t) => {
  t.is(datasets.fromArrays({ ...good(), classes: undefined, classNames: undefined }).classes, 2);
});

test('rejects a shape that is none', (t) => {
  const shapes = [undefined, 784, '1,3,4', [], [3, 4], [2, 1, 3, 4], [1, 3, -4], [1, 3, 0], [1, 3, 4.5], [1, 3, '4']];
  for (const shape of [...shapes, [Number.NaN], [Number.POSITIVE_INFINITY, 1, 1], [2 ** 53, 1, 1]]) {
    t.throws(() => datasets.fromArrays(withOptions({ shape })), {
      instanceOf: ShapeError,
      message: /^datasets\.fromArrays: expected \[channels, height, width\] or \[features\] .* for shape, received /,
    });
  }
});

test('rejects images that are no array of pixels', (t) => {
  const received = [undefined, null, 'pixels', new Float64Array(24), new Uint16Array(24), new ArrayBuffer(24), {}];
  for (const images of received) {
    t.throws(() => datasets.fromArrays(withOptions({ images })), {
      instanceOf: InvalidArgumentError,
      message: /^datasets\.fromArrays: expected a Uint8Array, .* for images, received .*\. Convert it/,
    });
  }
});

test('rejects nested and non-numeric images', (t) => {
  t.throws(
    () =>
      datasets.fromArrays(
        withOptions({
          images: [
            [1, 2],
            [3, 4],
          ],
        }),
      ),
    {
      instanceOf: InvalidArgumentError,
      message: /in images, received \[1, 2\] at index 0\. Nested arrays must be flattened/,
    },
  );
  const images: unknown[] = new Array(24).fill(0);
  images[5] = '5';
  t.throws(() => datasets.fromArrays(withOptions({ images })), { message: /received "5" at index 5/ });
  t.throws(() => datasets.fromArrays(withOptions({ images: new Array(24) })), {
    message: /received undefined at index 0/,
  });
});

test('rejects pixels that are not finite', (t) => {
  for (const bad of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
    const images = new Float32Array(24);
    images[13] = bad;
    t.throws(() => datasets.fromArrays({ ...good(), images }), {
      instanceOf: DataError,
      message: new RegExp(`finite float32 values in images, received ${bad} at index 13`),
    });
    t.throws(() => datasets.fromArrays({ ...good(), images: [...images] }), { instanceOf: DataError });
  }
});

test('rejects numbers too large for float32', (t) => {
  const images = new Array<number>(24).fill(0);
  images[2] = 1e300;
  t.throws(() => datasets.fromArrays({ ...good(), images }), {
    instanceOf: DataError,
    message: /received 1e\+300 at index 2/,
  });
});

test('rejects images that do not divide into samples', (t) => {
  for (const length of [0, 1, 11, 23, 25]) {
    t.throws(() => datasets.fromArrays({ ...good(), images: new Uint8Array(length) }), {
      instanceOf: ShapeError,
      message: new RegExp(
        `expected a multiple of 12 values \\(shape \\[1, 3, 4\\]\\).* for images, received ${length}\\.`,
      ),
    });
  }
  t.throws(() => datasets.fromArrays({ ...good(), shape: [2 ** 40, 2 ** 40, 2 ** 40] }), { instanceOf: ShapeError });
});

test('rejects another number of labels than of images', (t) => {
  for (const labels of [[], [0], [0, 1, 0], new Uint8Array(3), new Int32Array(24)]) {
    t.throws(() => datasets.fromArrays({ ...good(), labels }), {
      instanceOf: ShapeError,
      message: new RegExp(`expected 2 values .* for labels, received ${labels.length}\\.`),
    });
  }
});

test('rejects labels that are no array of integers', (t) => {
  for (const labels of [undefined, '01', new Float32Array(2), 3, new Set([0, 1])]) {
    t.throws(() => datasets.fromArrays(withOptions({ labels })), {
      instanceOf: InvalidArgumentError,
      message: /^datasets\.fromArrays: expected an Int32Array, .* for labels, received /,
    });
  }
  for (const bad of [0.5, -1, Number.NaN, '1', null, [0, 1], 2 ** 31]) {
    t.throws(() => datasets.fromArrays(withOptions({ labels: [0, bad] })), {
      instanceOf: DataError,
      message: /class numbers .* in labels, received .* at index 1/,
    });
  }
  t.throws(() => datasets.fromArrays({ ...good(), labels: Int32Array.of(0, -5) }), {
    instanceOf: DataError,
    message: /received -5 at index 1/,
  });
});

test('rejects labels beyond the classes', (t) => {
  for (const classes of [{ classes: 3 }, { classNames: ['a', 'b', 'c'] }]) {
    t.throws(() => datasets.fromArrays({ ...good(), labels: [0, 3], ...classes }), {
      instanceOf: DataError,
      message: /expected labels from 0 to 2 \(3 classes\), received 3 at index 1\./,
    });
  }
});

test('rejects a number of classes that is none', (t) => {
  for (const classes of [0, -1, 2.5, Number.NaN, '10', null]) {
    t.throws(() => datasets.fromArrays(withOptions({ classes })), {
      instanceOf: InvalidArgumentError,
      message: /expected a positive integer for classes, received /,
    });
  }
});

test('rejects class names that are no strings or disagree with the classes', (t) => {
  for (const classNames of ['ab', [], ['a', 2], [undefined], null]) {
    t.throws(() => datasets.fromArrays(withOptions({ classNames })), {
      instanceOf: InvalidArgumentError,
      message: /strings for classNames, received /,
    });
  }
  t.throws(() => datasets.fromArrays({ ...good(), classes: 3, classNames: ['a', 'b'] }), {
    instanceOf: InvalidArgumentError,
    message: /expected 3 names .* for classNames, received 2\./,
  });
});

test('rejects misspelt options', (t) => {
  t.throws(() => datasets.fromArrays(withOptions({ lables: [0, 1] })), {
    instanceOf: InvalidArgumentError,
    message: /expected only the options .*, received "lables"/,
  });
  t.throws(() => datasets.fromArrays(undefined as unknown as FromArraysOptions), { instanceOf: InvalidArgumentError });
});
