import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { toElement } from '../helpers/test-network.js';
import { at, randomValues } from '../helpers/values.js';

const SHAPES = [
  { samples: 1, features: 1 },
  { samples: 7, features: 3 },
  { samples: 16, features: 33 },
  { samples: 33, features: 225 },
];

testEachKernel('products and multiples are rounded once, wherever they are written', async (t, kernels) => {
  const { element = 'float32' } = kernels;
  const random = new Philox(980);
  for (const { samples, features } of SHAPES) {
    const [a, b] = [randomValues(random, samples * features), randomValues(random, samples * features, 3)];
    const product = toElement(
      element,
      Float64Array.from(a, (value, i) => value * at(b, i)),
    );
    const third = toElement(element, [1 / 3]);
    const multiple = toElement(
      element,
      Float64Array.from(a, (value) => value * at(third, 0)),
    );
    for (const where of ['apart', 'a'] as const) {
      const program = new CallProgram({ ...kernels, samples });
      const operands = { a: program.input(a), b: program.input(b) };
      const x = program.input(a);
      const [y, z] = where === 'apart' ? [program.sample(features), program.sample(features)] : [operands.a, x];
      program.call('multiply', { y, ...operands }, { features });
      program.call('scale', { y: z, x }, { features, factor: 1 / 3, offset: 0 });
      const results = await program.run(3);
      isClose(t, `product, ${where}`, results(y), product, 0);
      isClose(t, `multiple, ${where}`, results(z), multiple, 0);
    }
  }
});

testEachKernel('a maximum is the first of equals, and so goes its gradient', async (t, kernels) => {
  const random = new Philox(981);
  for (const { samples, features } of SHAPES) {
    // Few values, so that many are equal.
    const draw = () => Float32Array.from({ length: samples * features }, () => random.nextInt(3) - 1);
    const [first, second] = [draw(), draw()];
    const slopes = randomValues(random, samples * features);
    const program = new CallProgram({ ...kernels, samples });
    const [a, b, dy] = [program.input(first), program.input(second), program.input(slopes)];
    const [y, da, db] = [program.sample(features), program.sample(features), program.sample(features)];
    program.call('maximum', { y, a, b }, { features });
    program.call('maximumGradient', { dx: da, dy, a, b }, { features, second: 0 });
    program.call('maximumGradient', { dx: db, dy, a, b }, { features, second: 1 });
    const results = await program.run(3);
    isClose(
      t,
      'maximum',
      results(y),
      first.map((value, i) => Math.max(value, at(second, i))),
      0,
    );
    const gradientOf = (isTaken: (i: number) => boolean) => slopes.map((slope, i) => (isTaken(i) ? slope : 0));
    isClose(
      t,
      'da',
      results(da),
      gradientOf((i) => at(first, i) >= at(second, i)),
      0,
    );
    isClose(
      t,
      'db',
      results(db),
      gradientOf((i) => at(first, i) < at(second, i)),
      0,
    );
  }
});

testEachKernel('a maximum with what is no number is none, and has its gradient', async (t, kernels) => {
  const { NaN: nan, POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down } = Number;
  const program = new CallProgram({ ...kernels, samples: 1 });
  const [a, b] = [program.input([nan, 1, nan, up, down, down]), program.input([1, nan, nan, 2, 3, down])];
  const dy = program.input([1, 2, 3, 4, 5, 6]);
  const [y, da, db] = [program.sample(6), program.sample(6), program.sample(6)];
  program.call('maximum', { y, a, b }, { features: 6 });
  program.call('maximumGradient', { dx: da, dy, a, b }, { features: 6, second: 0 });
  program.call('maximumGradient', { dx: db, dy, a, b }, { features: 6, second: 1 });
  const results = await program.run();
  t.deepEqual([...results(y)], [nan, nan, nan, up, 3, down]);
  t.deepEqual([...results(da)], [1, 0, 3, 4, 0, 6]);
  t.deepEqual([...results(db)], [0, 2, 0, 0, 5, 0]);
});

testEachKernel('rows are copied to where they belong, and nothing else is touched', async (t, kernels) => {
  const random = new Philox(982);
  const cases = [
    { rows: 1, features: 5, to: 3, yStride: 9, from: 0, xStride: 5 },
    { rows: 4, features: 3, to: 0, yStride: 3, from: 2, xStride: 7 },
    { rows: 3, features: 2, to: 2, yStride: 4, from: 1, xStride: 3 },
  ];
  for (const samples of [1, 7, 33]) {
    for (const attributes of cases) {
      const { rows, features, to, yStride, from, xStride } = attributes;
      const source = randomValues(random, samples * rows * xStride);
      const expected = randomValues(random, samples * rows * yStride);
      const program = new CallProgram({ ...kernels, samples });
      const [x, y] = [program.input(source), program.input(expected)];
      program.call('copyRows', { y, x }, attributes);
      for (let row = 0; row < samples * rows; row++) {
        for (let i = 0; i < features; i++) expected[row * yStride + to + i] = at(source, row * xStride + from + i);
      }
      isClose(t, JSON.stringify(attributes), (await program.run(3))(y), expected, 0);
    }
  }
});

testEachKernel('a permutation moves every element to its place', async (t, kernels) => {
  const random = new Philox(983);
  const cases = [
    { shape: [1, 1, 5, 3], strides: [0, 0, 1, 5] },
    { shape: [1, 4, 3, 2], strides: [0, 1, 8, 4] },
    { shape: [3, 2, 5, 4], strides: [20, 60, 4, 1] },
  ];
  for (const samples of [1, 7, 33]) {
    for (const { shape, strides } of cases) {
      const features = shape.reduce((product, size) => product * size, 1);
      const source = randomValues(random, samples * features);
      const program = new CallProgram({ ...kernels, samples });
      const [x, y] = [program.input(source), program.sample(features)];
      program.call('permute', { y, x }, { shape, strides });
      const placeOf = (index: number) => {
        let rest = index;
        let place = 0;
        for (let axis = 3; axis >= 0; axis--) {
          place += (rest % at(shape, axis)) * at(strides, axis);
          rest = Math.floor(rest / at(shape, axis));
        }
        return place;
      };
      const expected = source.map((_, i) => at(source, i - (i % features) + placeOf(i % features)));
      isClose(t, `${shape}`, (await program.run(3))(y), expected, 0);
    }
  }
});

testEachKernel('copies and permutations refuse to reach beyond their operands', async (t, kernels) => {
  const attempt = async (op: string, attributes: Record<string, number | readonly number[]>) => {
    const program = new CallProgram({ ...kernels, samples: 3 });
    program.call(op, { y: program.sample(12), x: program.input(new Float32Array(3 * 12)) }, attributes);
    await program.run();
  };
  const rows = { rows: 3, features: 2, to: 2, yStride: 4, from: 0, xStride: 4 };
  await t.notThrowsAsync(attempt('copyRows', rows));
  for (const [wrong, message] of [
    [{ to: 3 }, /for to/],
    [{ from: -1 }, /for from/],
    [{ rows: 4 }, /elements for y/],
    [{ xStride: 5 }, /elements for x/],
    [{ features: 5 }, /for yStride/],
  ] as const) {
    await t.throwsAsync(attempt('copyRows', { ...rows, ...wrong }), { message }, JSON.stringify(wrong));
  }
  const turned = { shape: [1, 2, 3, 2], strides: [0, 6, 1, 3] };
  await t.notThrowsAsync(attempt('permute', turned));
  for (const [wrong, message] of [
    [{ shape: [2, 2, 3, 2] }, /elements for y/],
    [{ strides: [0, 6, 1, 4] }, /elements for x/],
    [{ strides: [0, 6, 1, -3] }, /for strides/],
    [{ shape: [1, 2, 3, 0] }, /for shape/],
    [{ shape: [2, 3, 2] }, /for shape/],
  ] as const) {
    await t.throwsAsync(attempt('permute', { ...turned, ...wrong }), { message }, JSON.stringify(wrong));
  }
});
