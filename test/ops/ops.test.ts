import test from 'ava';
import { type FlatArray, layers, type OpArray, ops, sequential } from 'cnnative';
import { keptBy } from '#lib/ops/kept-parameters.js';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa, testEachKernel } from '../helpers/isas.js';
import { at, type Numbers, randomValues } from '../helpers/values.js';

function random(seed: number, shape: number[], scale = 1) {
  return { data: randomValues(new Philox(seed), sizeOf(shape), scale), shape };
}

/** Cross-correlation of `[N, C, H, W]` with `[K, C / groups, R, S]`, zeros around. */
function correlate(x: FlatArray, kernel: FlatArray, bias: Numbers, strides: number[], padding: number, groups: number) {
  const [samples = 0, channels = 0, height = 0, width = 0] = x.shape;
  const [filters = 0, inputs = 0, rows = 0, columns = 0] = kernel.shape;
  const [down = 1, right = 1] = strides;
  const oh = Math.floor((height + 2 * padding - rows) / down) + 1;
  const ow = Math.floor((width + 2 * padding - columns) / right) + 1;
  const y = new Float64Array(samples * filters * oh * ow);
  let i = 0;
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < filters; k++) {
      const first = Math.floor(k / (filters / groups)) * inputs;
      for (let p = 0; p < oh; p++) {
        for (let q = 0; q < ow; q++) {
          let sum = at(bias, k);
          for (let c = 0; c < inputs; c++) {
            for (let r = 0; r < rows; r++) {
              for (let s = 0; s < columns; s++) {
                const h = p * down + r - padding;
                const w = q * right + s - padding;
                if (h < 0 || h >= height || w < 0 || w >= width) continue;
                const pixel = ((n * channels + first + c) * height + h) * width + w;
                sum += at(x.data, pixel) * at(kernel.data, ((k * inputs + c) * rows + r) * columns + s);
              }
            }
          }
          y[i++] = sum;
        }
      }
    }
  }
  return { data: y, shape: [samples, filters, oh, ow] };
}

testEachKernel('conv2d is a cross-correlation', async (t, { isa, element }, rounding) => {
  const cases = [
    { x: [1, 1, 4, 5], kernel: [1, 1, 3, 3], strides: [1, 1], padding: 0, groups: 1 },
    { x: [3, 2, 7, 5], kernel: [5, 2, 3, 2], strides: [2, 1], padding: 1, groups: 1 },
    { x: [17, 4, 5, 6], kernel: [6, 2, 1, 3], strides: [1, 2], padding: 2, groups: 2 },
    { x: [9, 16, 8, 8], kernel: [16, 16, 3, 3], strides: [1, 1], padding: 1, groups: 1 },
  ];
  for (const [i, spec] of cases.entries()) {
    const [x, kernel, bias] = [random(i, spec.x), random(i + 10, spec.kernel), random(i + 20, [spec.kernel[0] ?? 0])];
    const { padding, groups } = spec;
    const strides = spec.strides as [number, number];
    const given = { kernel, bias, strides, padding, groups, ...(isa && { isa }), ...(element && { dtype: element }) };
    const y = await ops.conv2d(x, given);
    const expected = correlate(x, kernel, bias.data, strides, padding, groups);
    t.deepEqual(y.shape, expected.shape);
    t.is(y.data.constructor, element ? Float64Array : Float32Array);
    isClose(t, `case ${i}`, y.data, expected.data, 300 * rounding);
  }
});

testEachIsa('an op gives the bits of its layer in a model', async (t, isa) => {
  const image = random(1, [5, 3, 6, 7]);
  const row = random(2, [5, 11]);
  const cases = {
    conv2d: { x: image, layer: layers.conv2d({ filters: 4, kernelSize: 3, padding: 'same', activation: 'tanh' }) },
    maxPooling2d: { x: image, layer: layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 1 }) },
    averagePooling2d: { x: image, layer: layers.averagePooling2d({ poolSize: [2, 3] }) },
    globalAveragePooling2d: { x: image, layer: layers.globalAveragePooling2d() },
    batchNormalization: { x: image, layer: layers.batchNormalization({ epsilon: 0.1 }) },
    flatten: { x: image, layer: layers.flatten() },
    dense: { x: row, layer: layers.dense({ units: 3, useBias: false, activation: 'softmax' }) },
    activation: { x: image, layer: layers.activation({ activation: 'sigmoid' }) },
  };
  for (const [kind, { x, layer }] of Object.entries(cases)) {
    const model = sequential({ inputShape: x.shape.slice(1) }, [layer]);
    const weights = Object.entries(await model.getWeights()).map(([name, weight], i) => {
      return [name, { ...weight, data: randomValues(new Philox(i), weight.data.length).map((v) => v + 2) }] as const;
    });
    await model.setWeights(Object.fromEntries(weights));
    const expected = await model.predict(x.data, { isa });
    const { type, ...options } = layer.config() as Record<string, unknown> & { type: string };
    for (const option of keptBy(type).follow) delete options[option];
    const parameters = weights.map(([name, weight]) => [name.slice(name.indexOf('/') + 1), weight]);
    const op = ops[kind as 'conv2d'] as (x: OpArray, given: object) => Promise<OpArray>;
    t.deepEqual(await op(x, { ...options, ...Object.fromEntries(parameters), isa }), expected, kind);
  }
});

test('every layer is an op, and every activation', (t) => {
  for (const name of [...Object.keys(layers), 'relu', 'sigmoid', 'tanh', 'softmax']) {
    t.is(typeof ops[name as 'relu'], 'function', name);
  }
});

test('the result is of the kind that was given', async (t) => {
  const kernel = [
    [
      [
        [1, 0],
        [0, 1],
      ],
    ],
  ];
  const image = [
    [
      [1, 2, 3],
      [4, 5, 6],
    ],
  ];
  t.deepEqual(await ops.conv2d(image, { kernel }), [[[6, 8]]]);
  t.deepEqual(await ops.conv2d([image, image], { kernel, bias: [1] }), [[[[7, 9]]], [[[7, 9]]]]);
  const flat = { data: image.flat(2), shape: [1, 2, 3] };
  t.deepEqual(await ops.conv2d(flat, { kernel }), { data: Float32Array.of(6, 8), shape: [1, 1, 2] });
  t.deepEqual(await ops.flatten(image), [1, 2, 3, 4, 5, 6]);
  t.deepEqual(await ops.globalAveragePooling2d([image]), [[3.5]]);
  t.deepEqual(await ops.relu([-1, 2]), [0, 2]);
  t.deepEqual(await ops.add([image, image]), [
    [
      [2, 4, 6],
      [8, 10, 12],
    ],
  ]);
  t.deepEqual(
    await ops.dense(
      [
        [1, 2],
        [3, 4],
      ],
      { kernel: [[1, 10]], bias: [0.5] },
    ),
    [[21.5], [43.5]],
  );
});

test('double precision is that', async (t) => {
  const [value] = await ops.tanh([0.1], { dtype: 'float64' });
  t.true(Math.abs((value ?? 0) - Math.tanh(0.1)) < 1e-15);
  const [float] = await ops.tanh([0.1]);
  t.true(Math.abs((float ?? 0) - Math.tanh(0.1)) > 1e-12);
});

test('batch normalisation takes the statistics of the batch in training, and running ones otherwise', async (t) => {
  const x = [
    [1, 4],
    [3, 8],
  ];
  const given = { gamma: [1, 2], beta: [0, 1], epsilon: 1e-12, dtype: 'float64' } as const;
  const close = (actual: number[][], expected: number[][]) => isClose(t, 'y', actual.flat(), expected.flat(), 1e-9);
  close(await ops.batchNormalization(x, { ...given, training: true }), [
    [-1, -1],
    [1, 3],
  ]);
  close(await ops.batchNormalization(x, given), [
    [1, 9],
    [3, 17],
  ]);
  const running = { runningMean: [1, 4], runningVariance: [4, 16] };
  close(await ops.batchNormalization(x, { ...given, ...running }), [
    [0, 1],
    [1, 3],
  ]);
});

test('many ops at once do not disturb one another', async (t) => {
  const many = Array.from({ length: 20 }, (_, i) => ops.relu([i - 10, i], { threads: 2 }));
  t.deepEqual(
    await Promise.all(many),
    many.map((_, i) => [Math.max(i - 10, 0), i]),
  );
});
