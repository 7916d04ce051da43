import test from 'ava';
import { type Layer, layers, ShapeError, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { largestOf, meansOf } from '../helpers/reference/pooling-windows.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomValues } from '../helpers/values.js';
import {
  adaptiveCases,
  anySlidingCases,
  type SlidingCase,
  slidingCases,
  windowsOfCase,
} from '../helpers/window-cases.js';

const shapeOf = (inputShape: readonly number[], ...chain: Layer[]) => sequential({ inputShape }, chain).outputShape;

/** The options of a pooling layer that stand for a case. */
function optionsOf({ axes: [row, column] }: SlidingCase) {
  return {
    poolSize: [row.size, column.size],
    strides: [row.stride, column.stride],
    padding: [row.before, row.after, column.before, column.after],
    ceilMode: row.ceilMode,
  } as const;
}

testEachIsa('pooling layers of every option give what their definitions say', async (t, isa) => {
  const random = new Philox(61);
  // Dilation is an option of max pooling alone.
  for (const [i, spec] of [...slidingCases(40, 62, 3), ...slidingCases(40, 63, 1)].entries()) {
    const shape = windowsOfCase(spec);
    const { rows, columns } = shape;
    const x = randomValues(random, shape.planes * rows.input * columns.input);
    const unread = new Float64Array(shape.planes * rows.taken.length * columns.taken.length);
    const [row, column] = spec.axes;
    const options = optionsOf(spec);
    const layer =
      i < 40
        ? layers.maxPooling2d({ ...options, dilation: [row.dilation, column.dilation] })
        : layers.averagePooling2d({ ...options, countIncludePad: row.countIncludePad });
    const { y, sizes } = i < 40 ? largestOf(shape, x, unread) : meansOf(shape, x, unread);
    const inputShape = [spec.channels, rows.input, columns.input];
    t.deepEqual(shapeOf(inputShape, layer), [spec.channels, rows.taken.length, columns.taken.length]);
    const actual = await new TestNetwork(inputShape, [layer]).predict([], x, { isa });
    const what = JSON.stringify(layer.config());
    isClose(t, what, actual, y, i < 40 ? 0 : 2 ** -20, i < 40 ? 1 : sizes.y);
  }
});

testEachIsa('adaptive pooling takes the bins of its definition', async (t, isa) => {
  const random = new Philox(64);
  for (const spec of adaptiveCases(40, 65)) {
    const shape = windowsOfCase(spec);
    const { channels, image, outputSize } = spec;
    const x = randomValues(random, shape.planes * image[0] * image[1]);
    const unread = new Float64Array(shape.planes * outputSize[0] * outputSize[1]);
    const network = (layer: Layer) => new TestNetwork([channels, ...image], [layer]);
    const largest = await network(layers.adaptiveMaxPooling2d({ outputSize })).predict([], x, { isa });
    t.deepEqual(Float64Array.from(largest), largestOf(shape, x, unread).y);
    const mean = await network(layers.adaptiveAveragePooling2d({ outputSize })).predict([], x, { isa });
    const { y, sizes } = meansOf(shape, x, unread);
    isClose(t, JSON.stringify(spec), mean, y, 2 ** -19, sizes.y);
  }
});

testEachIsa('global max pooling gives the largest of each channel', async (t, isa) => {
  const random = new Philox(66);
  for (const [channels, height, width, samples] of [
    [1, 1, 1, 1],
    [17, 3, 5, 2],
    [3, 8, 9, 33],
  ] as const) {
    const x = randomValues(random, samples * channels * height * width);
    const expected = Float32Array.from({ length: samples * channels }, (_, i) =>
      Math.max(...x.subarray(i * height * width, (i + 1) * height * width)),
    );
    const network = new TestNetwork([channels, height, width], [layers.globalMaxPooling2d()]);
    t.deepEqual(await network.predict([], x, { isa }), expected);
    t.deepEqual(shapeOf([channels, height, width], layers.globalMaxPooling2d()), [channels]);
  }
});

test('pooling is refused where a window would hold nothing, and nowhere else', (t) => {
  const counts = { refused: 0, taken: 0 };
  for (const spec of anySlidingCases(4000, 67)) {
    const [row, column] = spec.axes;
    const layer = layers.maxPooling2d({ ...optionsOf(spec), dilation: [row.dilation, column.dilation] });
    const inputShape = [1, row.input, column.input];
    const { rows, columns } = windowsOfCase(spec);
    const isEmpty = [rows, columns].some(({ taken }) => taken.length === 0 || taken.some(({ length }) => length === 0));
    counts[isEmpty ? 'refused' : 'taken']++;
    const shape = () => layer.outputShape('pool', inputShape);
    const what = `${JSON.stringify(layer.config())} of ${inputShape}`;
    if (isEmpty) t.throws(shape, { instanceOf: ShapeError }, what);
    else t.deepEqual(shape(), [1, rows.taken.length, columns.taken.length], what);
  }
  t.true(Math.min(counts.refused, counts.taken) > 500, JSON.stringify(counts));
});

const oneTo = (count: number) => Float32Array.from({ length: count }, (_, i) => i + 1);

/** Examples of the documentation of Keras, and of PyTorch's rules by hand. */
const EXAMPLES: Record<string, { shape: readonly number[]; layer: () => Layer; y: readonly number[] }> = {
  'Keras, max, strides of 1': {
    shape: [1, 3, 3],
    layer: () => layers.maxPooling2d({ poolSize: 2, strides: 1 }),
    y: [5, 6, 8, 9],
  },
  'Keras, max, strides of 2': {
    shape: [1, 3, 4],
    layer: () => layers.maxPooling2d({ poolSize: 2, strides: 2 }),
    y: [6, 8],
  },
  'Keras, max, same': {
    shape: [1, 3, 3],
    layer: () => layers.maxPooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
    y: [5, 6, 6, 8, 9, 9, 8, 9, 9],
  },
  'Keras, average, strides of 1': {
    shape: [1, 3, 3],
    layer: () => layers.averagePooling2d({ poolSize: 2, strides: 1 }),
    y: [3, 4, 6, 7],
  },
  'Keras, average, strides of 2': {
    shape: [1, 3, 4],
    layer: () => layers.averagePooling2d({ poolSize: 2, strides: 2 }),
    y: [3.5, 5.5],
  },
  'Keras, average, same': {
    shape: [1, 3, 3],
    layer: () => layers.averagePooling2d({ poolSize: 2, strides: 1, padding: 'same' }),
    y: [3, 4, 4.5, 6, 7, 7.5, 7.5, 8.5, 9],
  },
  'a window cut off by ceilMode': {
    shape: [1, 1, 5],
    layer: () => layers.averagePooling2d({ poolSize: [1, 2], ceilMode: true }),
    y: [1.5, 3.5, 5],
  },
  'no window that begins behind the image': {
    shape: [1, 1, 5],
    layer: () => layers.averagePooling2d({ poolSize: [1, 2], padding: [0, 0, 1, 1], ceilMode: true }),
    y: [1, 2.5, 4.5],
  },
  'padding counted, but nothing beyond it': {
    shape: [1, 1, 6],
    layer: () =>
      layers.averagePooling2d({ poolSize: [1, 3], padding: [0, 0, 1, 1], ceilMode: true, countIncludePad: true }),
    y: [1, 4, 3],
  },
  'padding not counted': {
    shape: [1, 1, 6],
    layer: () => layers.averagePooling2d({ poolSize: [1, 3], padding: [0, 0, 1, 1], ceilMode: true }),
    y: [1.5, 4, 6],
  },
  'a dilated maximum': {
    shape: [1, 1, 7],
    layer: () => layers.maxPooling2d({ poolSize: [1, 3], strides: [1, 2], dilation: [1, 2] }),
    y: [5, 7],
  },
  'bins that overlap': {
    shape: [1, 1, 7],
    layer: () => layers.adaptiveAveragePooling2d({ outputSize: [1, 3] }),
    y: [2, 4, 6],
  },
  'more bins than columns': {
    shape: [1, 1, 2],
    layer: () => layers.adaptiveMaxPooling2d({ outputSize: [1, 3] }),
    y: [1, 2, 2],
  },
};

for (const [name, { shape, layer, y }] of Object.entries(EXAMPLES)) {
  testEachIsa(`pooling 1, 2, 3 and so on: ${name}`, async (t, isa) => {
    const count = shape.reduce((product, size) => product * size, 1);
    const network = new TestNetwork(shape, [layer()]);
    isClose(t, name, await network.predict([], oneTo(count), { isa }), y, 1e-6);
    isClose(t, `${name} in double`, await network.predict([], oneTo(count), DOUBLE), y, 1e-12);
  });
}

test('pooling has the shapes of known networks', (t) => {
  // GoogLeNet keeps 56 rows of 112, ResNet by padding instead.
  t.deepEqual(shapeOf([2, 112, 112], layers.maxPooling2d({ poolSize: 3, strides: 2, ceilMode: true })), [2, 56, 56]);
  t.deepEqual(shapeOf([2, 112, 112], layers.maxPooling2d({ poolSize: 3, strides: 2 })), [2, 55, 55]);
  t.deepEqual(shapeOf([2, 112, 112], layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 1 })), [2, 56, 56]);
  // Overlapping windows of two by steps of one, behind a pooling by halves.
  const conv = (kernelSize: number) => layers.conv2d({ filters: 4, kernelSize });
  const half = layers.maxPooling2d();
  const overlapping = layers.maxPooling2d({ poolSize: 2, strides: 1 });
  t.deepEqual(shapeOf([3, 32, 32], conv(5), half, conv(3), overlapping), [4, 11, 11]);
  t.deepEqual(shapeOf([512, 7, 9], layers.adaptiveAveragePooling2d({ outputSize: 7 })), [512, 7, 7]);
  // 'same' has a position for each stride begun, with ceilMode too.
  for (const ceilMode of [false, true]) {
    for (const [strides, size] of [
      [2, 4],
      [3, 3],
      [4, 2],
    ] as const) {
      const pool = layers.averagePooling2d({ poolSize: 3, strides, padding: 'same', ceilMode });
      t.deepEqual(shapeOf([1, 7, 8], pool), [1, size, size === 4 ? 4 : size], `${strides}`);
    }
  }
  // A window larger than the image, by less than a stride.
  t.deepEqual(shapeOf([1, 3, 3], layers.maxPooling2d({ poolSize: 4, ceilMode: true })), [1, 1, 1]);
});

test('a dilated window larger than any image is refused', (t) => {
  t.throws(() => layers.maxPooling2d({ poolSize: 999_999, dilation: 1_000_000, padding: 'same' }), {
    message: /^layers\.maxPooling2d: expected dilation \* \(poolSize - 1\) of less than 1048575/,
  });
});
