import test from 'ava';
import { InvalidArgumentError, initializers, type Layer, layers, ShapeError, sequential } from 'cnnative';
import { initializerFromOption } from '#lib/initializers/from-option.js';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { at } from '../helpers/values.js';

function draw(option: unknown, shape: readonly number[], seed = 1): Float32Array {
  return initializerFromOption('test', 'kernelInitializer', option).initializer(shape, new Philox(seed), 'test/kernel');
}

function moments(values: Float32Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, variance, largest: values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) };
}

/** [fanIn, fanOut] of each shape: [outputs, inputs, ...taps]. */
const SHAPES = [
  { shape: [300, 200], fanIn: 200, fanOut: 300 },
  { shape: [64, 40, 5, 3], fanIn: 600, fanOut: 960 },
  { shape: [40_000], fanIn: 40_000, fanOut: 40_000 },
];

test('variances and limits follow from the fans', (t) => {
  for (const { shape, fanIn, fanOut } of SHAPES) {
    for (const [name, variance] of [
      ['glorotUniform', 2 / (fanIn + fanOut)],
      ['glorotNormal', 2 / (fanIn + fanOut)],
      ['heUniform', 2 / fanIn],
      ['heNormal', 2 / fanIn],
      ['lecunUniform', 1 / fanIn],
      ['lecunNormal', 1 / fanIn],
    ] as const) {
      const actual = moments(draw(name, shape));
      const count = sizeOf(shape);
      t.true(Math.abs(actual.mean) < 5 * Math.sqrt(variance / count), `mean of ${name}: ${actual.mean}`);
      // The variance of squares is at most twice theirs, as of a normal distribution.
      t.true(Math.abs(actual.variance / variance - 1) < 5 * Math.sqrt(2 / count), `variance of ${name}`);
      // Uniform ones end at sqrt(3) deviations, normal ones at twice that of what is cut off there.
      const limit = Math.sqrt(variance) * (name.endsWith('Uniform') ? Math.sqrt(3) : 2 / 0.87962566103423978);
      t.true(actual.largest <= limit * (1 + 1e-6) && actual.largest > 0.99 * limit, `largest of ${name}`);
    }
  }
});

test('the default draws what it always has', (t) => {
  const random = new Philox(5);
  const limit = Math.sqrt(3 / 18);
  const expected = Float32Array.from({ length: 72 }, () => (2 * random.nextFloat() - 1) * limit);
  t.deepEqual(draw('lecunUniform', [4, 2, 3, 3], 5), expected);
});

test('normal and uniform values have the mean, deviation and range asked for', (t) => {
  const shape = [200, 200];
  const plain = moments(draw(initializers.randomNormal({ mean: 2, stddev: 0.5 }), shape));
  t.true(Math.abs(plain.mean - 2) < 0.0125 && Math.abs(plain.variance - 0.25) < 0.01, JSON.stringify(plain));
  t.true(plain.largest > 2 + 3.5 * 0.5);
  const scaled = moments(draw({ type: 'randomNormal', stddev: 1e-4 }, shape));
  t.true(Math.abs(scaled.variance / 1e-8 - 1) < 0.04);
  const cut = moments(draw(initializers.truncatedNormal({ mean: 2, stddev: 0.5 }), shape));
  t.true(Math.abs(cut.mean - 2) < 0.0125 && cut.largest <= 3 && cut.largest > 2.99);
  // Of a normal distribution cut off at two deviations: 1 - 4 phi(2) / (2 Phi(2) - 1).
  t.true(Math.abs(cut.variance / 0.25 / 0.7737413 - 1) < 0.04);
  const even = draw(initializers.randomUniform({ min: -1, max: 3 }), shape);
  t.true(even.every((value) => value >= -1 && value <= 3));
  const { mean, variance } = moments(even);
  t.true(Math.abs(mean - 1) < 0.03 && Math.abs(variance / (16 / 12) - 1) < 0.03);
  t.true(Math.abs(moments(draw('randomUniform', shape)).largest - 0.05) < 1e-5);
});

test('rows or columns of an orthogonal matrix are orthonormal', (t) => {
  for (const [shape, gain] of [
    [[5, 5], 1],
    [[3, 20], 2],
    [[20, 3], 1],
    [[8, 2, 3, 3], 1],
    [[40, 2, 2, 2], 0.5],
    [[1, 1], 1],
    [[96, 96], 1],
  ] as const) {
    const [rows = 0, ...others] = shape;
    const columns = sizeOf(others);
    const matrix = draw(initializers.orthogonal({ gain }), shape);
    const wide = rows <= columns;
    const count = Math.min(rows, columns);
    const value = (i: number, j: number) => at(matrix, wide ? i * columns + j : j * columns + i);
    for (let a = 0; a < count; a++) {
      for (let b = 0; b <= a; b++) {
        let product = 0;
        for (let j = 0; j < Math.max(rows, columns); j++) product += value(a, j) * value(b, j);
        t.true(Math.abs(product - (a === b ? gain ** 2 : 0)) < 1e-6, `${shape}: rows ${a} and ${b}: ${product}`);
      }
    }
  }
  t.notDeepEqual(draw('orthogonal', [4, 4], 1), draw('orthogonal', [4, 4], 2));
});

test('zeros, ones, constants and given values', (t) => {
  t.deepEqual(draw('zeros', [2, 3]), new Float32Array(6));
  t.deepEqual(draw('ones', [2, 3]), new Float32Array(6).fill(1));
  t.deepEqual(draw(initializers.constant({ value: -0.1 }), [4]), new Float32Array(4).fill(-0.1));
  const expected = Float32Array.of(1, 2, 3, 4);
  for (const given of [
    [1, 2, 3, 4],
    [
      [1, 2],
      [3, 4],
    ],
    [
      [[1], [2]],
      [[3], [4]],
    ],
    expected,
    Float64Array.from(expected),
  ]) {
    t.deepEqual(draw(given, [2, 2]), expected);
    t.deepEqual(draw(initializers.values(given), [2, 2]), expected);
  }
});

test('a dirac convolution keeps the image, channel by channel', async (t) => {
  const image = Float32Array.from({ length: 3 * 5 * 4 }, (_, i) => Math.sin(i));
  for (const kernelSize of [1, 3, 5]) {
    for (const filters of [2, 3, 5]) {
      const model = sequential({ inputShape: [3, 5, 4] }, [
        layers.conv2d({ filters, kernelSize, padding: 'same', kernelInitializer: 'dirac' }),
      ]);
      const { data } = await model.predict(image);
      const expected = new Float32Array(filters * 20);
      expected.set(image.subarray(0, Math.min(3, filters) * 20));
      t.deepEqual([...data], [...expected], `${filters} filters of ${kernelSize}`);
    }
  }
  t.deepEqual(draw(initializers.identity({ gain: 2 }), [2, 3]), Float32Array.of(2, 0, 0, 0, 2, 0));
  // Of an even number of taps the one behind the middle.
  t.deepEqual(draw('dirac', [1, 1, 2, 3]), Float32Array.of(0, 0, 0, 0, 1, 0));
});

test('a dirac convolution keeps the channels of every group', async (t) => {
  const kept = { padding: 'same', kernelSize: 3, kernelInitializer: 'dirac' } as const;
  const first = initializers.dirac({ rest: 'ones' });
  const cases: [Layer, number[]][] = [
    [layers.depthwiseConv2d(kept), [1, 2, 3, 4]],
    [layers.separableConv2d({ ...kept, filters: 4 }), [1, 2, 3, 4]],
    [layers.conv2d({ ...kept, filters: 4, groups: 2 }), [1, 2, 3, 4]],
    [layers.conv2d({ ...kept, filters: 2, groups: 2 }), [1, 3]],
    [layers.conv2d({ ...kept, filters: 6, groups: 2 }), [1, 2, 0, 3, 4, 0]],
    [layers.conv2d({ filters: 6, kernelSize: 1, groups: 2, kernelInitializer: first }), [1, 2, 3, 3, 4, 7]],
    [layers.depthwiseConv2d({ kernelSize: 1, depthMultiplier: 2, kernelInitializer: first }), [1, 1, 2, 2, 3, 3, 4, 4]],
    [layers.conv2dTranspose({ ...kept, filters: 4, groups: 2 }), [1, 2, 3, 4]],
  ];
  for (const [layer, expected] of cases) {
    const { data } = await sequential({ inputShape: [4, 1, 1] }, [layer]).predict(Float32Array.of(1, 2, 3, 4));
    t.deepEqual([...data], expected, JSON.stringify(layer.config()));
  }
});

test('outputs of a dirac kernel beyond the inputs are what the rest says', (t) => {
  const shape = [40, 6, 3, 3];
  const rest = initializers.heUniform({ negativeSlope: Math.sqrt(5) });
  const whole = draw(rest, shape, 9);
  for (const option of [initializers.dirac({ gain: 2, rest }), { type: 'identity', gain: 2, rest }]) {
    const kernel = draw(option, shape, 9);
    // PyTorch: nn.Conv2d's own values, then dirac_ of the first filters, as many as there are inputs.
    const identity = Float32Array.from({ length: 6 * 54 }, (_, i) => (i % 54 === Math.floor(i / 54) * 9 + 4 ? 2 : 0));
    t.deepEqual(kernel.subarray(0, 6 * 54), identity);
    t.deepEqual(kernel.subarray(6 * 54), whole.subarray(6 * 54));
  }
  t.deepEqual(initializers.dirac({ rest: 'ones' }), { type: 'dirac', gain: 1, rest: { type: 'ones' } });
  t.deepEqual(draw({ type: 'dirac', rest: 'ones' }, [3, 2]), Float32Array.of(1, 0, 0, 1, 1, 1));
  t.deepEqual(draw({ type: 'dirac', rest: 'ones' }, [1, 2]), Float32Array.of(1, 0));
  for (const wrong of ['dirac', 'identity', 'whitening'] as const) {
    t.throws(() => initializers.dirac({ rest: wrong }), {
      instanceOf: InvalidArgumentError,
      message: `initializers.dirac: expected an initializer that fills all outputs, such as 'heNormal', for rest, received '${wrong}'.`,
    });
  }
  t.throws(() => initializers.dirac({ rest: 7 as never }), { message: /for rest, received 7/ });
});

test("He's rules take the slope that the activation has below zero", (t) => {
  const shape = [64, 40, 5, 3];
  for (const negativeSlope of [0, 0.2, Math.sqrt(5)]) {
    const variance = 2 / (1 + negativeSlope ** 2) / 600;
    for (const make of [initializers.heUniform, initializers.heNormal]) {
      const actual = moments(draw(make({ negativeSlope }), shape));
      t.true(Math.abs(actual.variance / variance - 1) < 5 * Math.sqrt(2 / sizeOf(shape)), `${negativeSlope}`);
    }
  }
  // PyTorch's default of convolutions: ±1 / sqrt(fanIn).
  const { largest } = moments(draw({ type: 'heUniform', negativeSlope: Math.sqrt(5) }, shape));
  t.true(largest <= 1 / Math.sqrt(600) && largest > 0.999 / Math.sqrt(600));
  t.deepEqual(initializers.heNormal({ negativeSlope: 0 }), { type: 'heNormal' });
  t.throws(() => initializers.heUniform({ negativeSlope: -1 }), { message: /for negativeSlope, received -1/ });
});

test('a kernel and a bias begin as the layer was told, by seed and place', async (t) => {
  const make = (seed: number) =>
    sequential({ inputShape: [1, 4, 4], seed }, [
      layers.conv2d({
        filters: 1,
        kernelSize: 3,
        kernelInitializer: [
          [1, 2, 1],
          [2, 4, 2],
          [1, 2, 1],
        ],
        biasInitializer: initializers.constant({ value: 0.5 }),
      }),
      layers.flatten(),
      layers.dense({ units: 4, kernelInitializer: 'heNormal', biasInitializer: 'ones' }),
      layers.dense({ units: 4, kernelInitializer: 'heNormal', biasInitializer: 'randomNormal' }),
    ]);
  const weights = await make(3).getWeights();
  t.deepEqual([...(weights['conv2d/kernel']?.data ?? [])], [1, 2, 1, 2, 4, 2, 1, 2, 1]);
  t.deepEqual([...(weights['conv2d/bias']?.data ?? [])], [0.5]);
  t.deepEqual([...(weights['dense/bias']?.data ?? [])], [1, 1, 1, 1]);
  t.notDeepEqual(weights['dense/kernel']?.data, weights['dense_1/kernel']?.data);
  t.deepEqual(await make(3).getWeights(), weights);
  t.notDeepEqual((await make(4).getWeights())['dense/kernel'], weights['dense/kernel']);
});

test('values of another number than the kernel has are refused with its shape', (t) => {
  const make = (kernelInitializer: number[]) =>
    sequential({ inputShape: [2, 4, 4] }, [layers.conv2d({ filters: 3, kernelSize: 3, kernelInitializer })]);
  t.notThrows(() => make(new Array(54).fill(0)));
  for (const size of [0, 9, 53, 55]) {
    t.throws(() => make(new Array(size).fill(0)), {
      instanceOf: ShapeError,
      message: `conv2d/kernel: expected 54 values for its shape [3, 2, 3, 3], received ${size}.`,
    });
  }
});

test('illegal initialisers are refused by name', (t) => {
  // biome-ignore lint/suspicious/noExplicitAny: this is about values of the wrong type
  type Anything = any;
  for (const [kernelInitializer, message] of [
    ['xavier', /for kernelInitializer, received "xavier"/],
    [7, /for kernelInitializer, received 7/],
    [null, /for kernelInitializer, received null/],
    [() => 1, /for kernelInitializer, received/],
    [{}, /type of the initializer, received undefined/],
    [{ type: 'heNormal', gain: 2 }, /kernelInitializer: .*received "gain"/],
    ['constant', /finite number of float32 for value, received undefined/],
    [{ type: 'randomNormal', stddev: -1 }, /for stddev, received -1/],
    [{ type: 'randomNormal', mean: Number.NaN }, /for mean, received NaN/],
    [{ type: 'randomUniform', min: 1, max: 0 }, /a min of at most max, 0, received 1/],
    [{ type: 'constant', value: 1e300 }, /for value, received 1e\+300/],
    [[1, 'x'], /for values, received "x"/],
    [[1, Number.NaN], /for values, received NaN/],
    [new Array(9), /for values, received undefined/],
    [new Uint8Array(9), /for values, received Uint8Array\(9\)/],
  ] as [Anything, RegExp][]) {
    for (const make of [
      () => layers.dense({ units: 3, kernelInitializer }),
      () => layers.conv2d({ filters: 3, kernelSize: 3, kernelInitializer }),
    ]) {
      const error = t.throws(make, { instanceOf: InvalidArgumentError, message });
      t.regex(error?.message ?? '', /^layers\.(dense|conv2d)\b.*: expected .*, received /s);
    }
  }
  for (const biasInitializer of ['orthogonal', 'dirac', initializers.identity()] as Anything[]) {
    t.throws(() => layers.dense({ units: 3, biasInitializer }), { message: /a single row for biasInitializer/ });
  }
  t.throws(() => initializers.constant({} as Anything), { message: /^initializers\.constant: expected .* for value/ });
  t.throws(() => initializers.randomNormal({ deviation: 1 } as Anything), { message: /received "deviation"/ });
  t.throws(() => initializers.values('x' as Anything), { message: /^initializers\.values: expected an array/ });
});
