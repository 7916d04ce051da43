import test from 'ava';
import { ops } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { isClose } from '../helpers/closeness.js';
import { at, randomValues } from '../helpers/values.js';

function random(seed: number, shape: number[]) {
  return { data: randomValues(new Philox(seed), sizeOf(shape)), shape };
}

const x = [
  [1, 2, 3, 4, 5],
  [6, 7, 8, 9, 10],
  [11, 12, 13, 14, 15],
  [16, 17, 18, 19, 20],
];

test('im2col of a 4x5 image shows its six windows', (t) => {
  const columns = ops.im2col(x, { kernelSize: 3 });
  const column = (i: number) => columns.map((row) => row[i]);
  t.is(columns.length, 9);
  t.deepEqual(column(0), [1, 2, 3, 6, 7, 8, 11, 12, 13]);
  t.deepEqual(column(3), [6, 7, 8, 11, 12, 13, 16, 17, 18]);
  t.deepEqual(column(5), [8, 9, 10, 13, 14, 15, 18, 19, 20]);
  t.deepEqual(ops.im2col([x], { kernelSize: 3 }), columns);
  t.deepEqual(ops.im2col([[x], [x]], { kernelSize: 3 }), [columns, columns]);
});

test('im2col steps, pads and dilates', (t) => {
  t.deepEqual(
    ops.im2col(
      [
        [1, 2],
        [3, 4],
      ],
      { kernelSize: 2, padding: [1, 0, 0, 1], strides: [1, 2] },
    ),
    [
      [0, 1],
      [0, 2],
      [1, 3],
      [2, 4],
    ],
  );
  t.deepEqual(ops.im2col(x, { kernelSize: [2, 3], dilation: [3, 2] }), [[1], [3], [5], [16], [18], [20]]);
  t.deepEqual(ops.im2col([[5]], { kernelSize: 3, padding: 'same' }).flat(), [0, 0, 0, 0, 5, 0, 0, 0, 0]);
});

const OPTIONS = [
  { kernelSize: 3 },
  { kernelSize: [2, 3], strides: [2, 1], padding: 'same' },
  { kernelSize: 2, strides: 3, padding: [0, 1, 2, 0], dilation: [2, 1] },
] as const;

test('a convolution is a product of the kernel and the columns', async (t) => {
  for (const { dilation: _none, ...options } of OPTIONS.slice(0, 2) as { kernelSize: 3; dilation?: 1 }[]) {
    const image = random(1, [2, 6, 7]);
    const columns = ops.im2col(image, options);
    const [rows = 0, pixels = 0] = columns.shape;
    const [height, width] = [options.kernelSize].flat().length === 2 ? [2, 3] : [3, 3];
    const kernel = random(2, [4, 2, height as number, width as number]);
    const product = Float64Array.from({ length: 4 * pixels }, (_, i) => {
      const [k, p] = [Math.floor(i / pixels), i % pixels];
      let sum = 0;
      for (let row = 0; row < rows; row++) sum += at(kernel.data, k * rows + row) * at(columns.data, row * pixels + p);
      return sum;
    });
    const { kernelSize: _size, ...rest } = options;
    isClose(t, 'product', (await ops.conv2d(image, { kernel, ...rest, dtype: 'float64' })).data, product, 1e-12);
  }
});

test('col2im is the transpose of im2col', (t) => {
  for (const [i, options] of OPTIONS.entries()) {
    for (const shape of [
      [6, 7],
      [3, 5, 6],
      [2, 3, 5, 6],
    ]) {
      const image = random(i, shape);
      const columns = ops.im2col(image, options);
      const other = random(i + 10, columns.shape);
      const back = ops.col2im(other, { ...options, shape });
      t.deepEqual(back.shape, shape);
      const dot = (a: ArrayLike<number>, b: ArrayLike<number>) =>
        Array.from(a).reduce((sum, value, j) => sum + value * at(b, j), 0);
      t.true(Math.abs(dot(columns.data, other.data) - dot(image.data, back.data)) < 1e-4);
    }
  }
  const counts = ops.col2im(
    ops.im2col(x, { kernelSize: 3 }).map((row) => row.map(() => 1)),
    { kernelSize: 3, shape: [4, 5] },
  );
  t.deepEqual(counts, [
    [1, 2, 3, 2, 1],
    [2, 4, 6, 4, 2],
    [2, 4, 6, 4, 2],
    [1, 2, 3, 2, 1],
  ]);
});

test('rot180 turns rows and columns of each kernel', (t) => {
  t.deepEqual(
    ops.rot180([
      [1, 2, 3],
      [4, 5, 6],
    ]),
    [
      [6, 5, 4],
      [3, 2, 1],
    ],
  );
  t.deepEqual(ops.rot180([[[[1, 2]], [[3, 4]]]]), [[[[2, 1]], [[4, 3]]]]);
  const flat = { data: Float32Array.of(1, 2, 3, 4), shape: [2, 1, 2] };
  t.deepEqual(ops.rot180(flat), { data: Float32Array.of(2, 1, 4, 3), shape: [2, 1, 2] });
  t.deepEqual(ops.rot180(ops.rot180(x)), x);
});

test('doubles and nested numbers keep their digits, all others become float32, as in layers', (t) => {
  const third = 1 / 3;
  const window = { kernelSize: 1 };
  const shape = [1, 1];
  t.deepEqual(ops.im2col([[third]], window), [[third]]);
  t.deepEqual(ops.col2im([[third]], { ...window, shape }), [[third]]);
  t.deepEqual(ops.rot180([[third]]), [[third]]);
  for (const [data, result] of [
    [Float64Array.of(third), Float64Array.of(third)],
    [[third], Float32Array.of(third)],
    [Int32Array.of(2 ** 24 + 1), Float32Array.of(2 ** 24)],
    [Float32Array.of(third), Float32Array.of(third)],
  ] as const) {
    const expected = { data: result, shape };
    t.deepEqual(ops.im2col({ data, shape }, window), expected);
    t.deepEqual(ops.col2im({ data, shape }, { ...window, shape }), expected);
    t.deepEqual(ops.rot180({ data, shape }), expected);
  }
});

test('oneHot has a one at each label', (t) => {
  t.deepEqual(ops.oneHot([2, 0], 3), [
    [0, 0, 1],
    [1, 0, 0],
  ]);
  t.deepEqual(ops.oneHot(Int32Array.of(1), 2), { data: Float32Array.of(0, 1), shape: [1, 2] });
  t.deepEqual(ops.oneHot([], 2), []);
});

test('helpers refuse what is none of theirs', (t) => {
  const shape = { code: 'ERR_SHAPE' };
  const argument = { code: 'ERR_INVALID_ARGUMENT' };
  t.throws(() => ops.im2col(x, { kernelSize: 5 }), { ...shape, message: /ops\.im2col.*\[5, 5\]/ });
  t.throws(() => ops.im2col([1, 2, 3], { kernelSize: 1 }), { ...shape, message: /\[H, W\].*\[3\]/ });
  t.throws(() => ops.im2col([[1, 2], [3]], { kernelSize: 1 }), shape);
  t.throws(() => ops.im2col([[]], { kernelSize: 1 }), shape);
  // @ts-expect-error: a text
  t.throws(() => ops.im2col([['1']], { kernelSize: 1 }), argument);
  // @ts-expect-error: no kernelSize
  t.throws(() => ops.im2col(x, {}), { ...argument, message: /kernelSize/ });
  // @ts-expect-error: a misspelt option
  t.throws(() => ops.im2col(x, { kernelSize: 1, stride: 2 }), argument);
  t.throws(() => ops.im2col(x, { kernelSize: 2, dilation: 0 }), argument);
  t.throws(() => ops.col2im(x, { kernelSize: 3, shape: [4, 5] }), { ...shape, message: /\[9, 6\].*\[4, 5\]/ });
  t.throws(() => ops.col2im(x, { kernelSize: 3, shape: [4, 5.5] }), shape);
  // @ts-expect-error: no shape
  t.throws(() => ops.col2im(x, { kernelSize: 3 }), shape);
  t.throws(() => ops.rot180([1, 2]), shape);
  t.throws(() => ops.oneHot([0, 3], 3), { ...argument, message: /from 0 to 2, received 3 at position 1/ });
  t.throws(() => ops.oneHot([0.5], 3), argument);
  t.throws(() => ops.oneHot([0], 0), argument);
  t.throws(() => ops.oneHot([0], 1e12), { code: 'ERR_TRAINING', message: /^ops\.oneHot: expected the rows to fit/ });
  // @ts-expect-error: no labels
  t.throws(() => ops.oneHot('0', 2), argument);
});

test('columns and images beyond any memory are refused', (t) => {
  const x = [
    [1, 2],
    [3, 4],
  ];
  t.throws(() => ops.im2col(x, { kernelSize: 100_000, padding: 'same' }), {
    message: /^ops\.im2col: expected the columns to fit/,
  });
  const options = { shape: [1_048_576, 1_048_576], kernelSize: 1, strides: 1_048_575 };
  t.throws(() => ops.col2im([[1, 2, 3, 4]], options), { message: /^ops\.col2im: expected the image to fit/ });
});
