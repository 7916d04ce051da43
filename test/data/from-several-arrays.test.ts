import test from 'ava';
import {
  type CnnativeError,
  DataError,
  datasets,
  type FromSeveralArraysOptions,
  InvalidArgumentError,
  ShapeError,
} from 'cnnative';

const pixels = new Uint8Array(2 * 12).fill(7);
const rows = new Float32Array(2 * 3).fill(0.5);
const good = { images: [pixels, rows], labels: [0, 1], shape: [[1, 3, 4], [3]] };
const withOptions = (changes: Record<string, unknown>) => ({ ...good, ...changes }) as FromSeveralArraysOptions;

test('keeps each array and shape as a part', (t) => {
  const set = datasets.fromArrays({ ...good, classes: 5, classNames: ['a', 'b', 'c', 'd', 'e'] });
  t.is(set.images[0], pixels);
  t.is(set.images[1], rows);
  t.deepEqual(set.shape, good.shape);
  t.deepEqual([set.size, set.classes, set.classNames], [2, 5, ['a', 'b', 'c', 'd', 'e']]);
  t.deepEqual(set.labels, Int32Array.of(0, 1));
});

test('takes numbers and a Buffer as parts', (t) => {
  const set = datasets.fromArrays({ images: [[1, 2], Buffer.from([3, 4])], labels: [0, 0], shape: [[1], [1]] });
  t.deepEqual(set.images, [Float32Array.of(1, 2), Uint8Array.of(3, 4)]);
});

test('does not change when the caller changes a list or a shape afterwards', (t) => {
  const images: Float32Array[] = [rows, rows];
  const shape = [[3], [3]];
  const set = datasets.fromArrays({ images, labels: [0, 1], shape });
  images.pop();
  shape[0]?.push(9);
  t.deepEqual(set.images, [rows, rows]);
  t.deepEqual(set.shape, [[3], [3]]);
});

test('rejects arrays and shapes that are none or do not belong together', (t) => {
  const cases: [changes: Record<string, unknown>, type: new (message: string) => CnnativeError, message: RegExp][] = [
    [
      { images: pixels },
      InvalidArgumentError,
      /an array for each of the 2 shapes for images, received Uint8Array\(24\)/,
    ],
    [{ images: [pixels] }, InvalidArgumentError, /each of the 2 shapes for images, received an array of 1/],
    [{ images: [pixels, rows, rows] }, InvalidArgumentError, /each of the 2 shapes for images/],
    [{ images: undefined }, InvalidArgumentError, /each of the 2 shapes for images, received undefined/],
    [{ images: [pixels, null] }, InvalidArgumentError, /array of numbers for images\[1\], received null/],
    [{ images: new Array(2) }, InvalidArgumentError, /array of numbers for images\[0\], received undefined/],
    [
      { images: [pixels, [1, 2, '3', 4, 5, 6]] },
      InvalidArgumentError,
      /numbers in images\[1\], received "3" at index 2/,
    ],
    [{ shape: [[1, 3, 4], 3] }, ShapeError, /for shape\[1\], received 3/],
    [{ shape: [[1, 3, 4], [0]] }, ShapeError, /for shape\[1\], received \[0\]/],
    [{ shape: [undefined, [3]] }, ShapeError, /for shape\[0\], received undefined/],
    [{ shape: [[1, 3, 4], [4]] }, ShapeError, /multiple of 4 values \(shape \[4\]\), .* for images\[1\], received 6/],
    [{ shape: [[1, 3, 4], [2]] }, ShapeError, /as many samples in images\[1\] as in images\[0\], 2, received 3/],
    [{ images: [pixels, new Float32Array(0)] }, ShapeError, /at least that many, for images\[1\], received 0/],
    [{ images: [pixels, rows.map(() => Number.NaN)] }, DataError, /finite .* in images\[1\], received NaN at index 0/],
    [{ labels: [0] }, ShapeError, /2 values \(one for each sample in images\) for labels, received 1/],
  ];
  for (const [changes, type, message] of cases) {
    t.throws(() => datasets.fromArrays(withOptions(changes)), { instanceOf: type, message });
  }
});
