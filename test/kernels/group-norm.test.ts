import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { type GroupNormShape, groupNorm, groupNormGradient, normalValues } from '../helpers/reference/group-norm.js';
import { at, largestMagnitude, randomValues } from '../helpers/values.js';

/** All of a sample as channels of one pixel, runs of channels, single channels; batches in parts of lane groups. */
const SHAPES: readonly GroupNormShape[] = [
  { samples: 1, groups: 1, channels: 2, pixels: 1 },
  { samples: 5, groups: 1, channels: 105, pixels: 1 },
  { samples: 7, groups: 3, channels: 2, pixels: 35 },
  { samples: 16, groups: 17, channels: 1, pixels: 9 },
  { samples: 33, groups: 1, channels: 4, pixels: 6 },
  { samples: 40, groups: 2, channels: 3, pixels: 225 },
];
const EPSILON = 1e-5;

const nameOf = ({ samples, groups, channels, pixels }: GroupNormShape) =>
  `${samples} samples, ${groups} x ${channels} x ${pixels}`;
const featuresOf = ({ groups, channels, pixels }: GroupNormShape) => groups * channels * pixels;

/** Random operands, with or without gamma and beta, of which a missing one counts as 1 or 0. */
function drawn(random: Philox, shape: GroupNormShape, affine: boolean) {
  const all = shape.groups * shape.channels;
  const x = randomValues(random, shape.samples * featuresOf(shape));
  const gamma = affine ? randomValues(random, all, 2) : new Float32Array(all).fill(1);
  const beta = affine ? randomValues(random, all, 2) : new Float32Array(all);
  return { x, gamma, beta, epsilon: EPSILON };
}

function sizeOf({ groups, channels, pixels }: GroupNormShape) {
  return { groups, channels, pixels };
}

testEachKernel('group norm normalises each group of each sample', async (t, kernels, rounding) => {
  const random = new Philox(960);
  for (const shape of SHAPES) {
    for (const affine of [true, false]) {
      const given = drawn(random, shape, affine);
      const program = new CallProgram({ ...kernels, samples: shape.samples });
      const x = program.input(given.x);
      const [y, statistics] = [program.sample(x.features), program.sample(2 * shape.groups)];
      const parameters = affine ? { gamma: program.variable(given.gamma), beta: program.variable(given.beta) } : {};
      program.call('groupNorm', { y, x, statistics, ...parameters }, { ...sizeOf(shape), epsilon: EPSILON });
      const actual = (await program.run(1))(y);
      const { inverses } = normalValues(shape, given.x, EPSILON);
      const scale = 8 * Math.max(1, largestMagnitude(inverses));
      isClose(t, nameOf(shape), actual, groupNorm(shape, given.x, given), 8 * rounding, scale);
      t.deepEqual((await program.run(3))(y), actual, 'threads change nothing');
    }
  }
});

// A mean of squares less the square of the mean would leave nothing of such a variance in float32.
testEachKernel('group norm keeps the variance of values far from zero', async (t, kernels, rounding) => {
  const random = new Philox(961);
  for (const shape of SHAPES.filter((shape) => shape.channels * shape.pixels > 8)) {
    const values = randomValues(random, shape.samples * featuresOf(shape)).map((value) => 10_000 + value);
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const x = program.input(values);
    const [y, statistics] = [program.sample(x.features), program.sample(2 * shape.groups)];
    program.call('groupNorm', { y, x, statistics }, { ...sizeOf(shape), epsilon: EPSILON });
    const expected = normalValues(shape, values, EPSILON).values;
    // What a rounding of the mean itself moves all values by.
    isClose(t, nameOf(shape), (await program.run())(y), expected, 10_000 * rounding, 4);
  }
});

testEachKernel('group norm of equal values is beta, and its gradient finite', async (t, kernels, rounding) => {
  const random = new Philox(962);
  for (const shape of SHAPES) {
    const given = drawn(random, shape, true);
    const same = given.x.map(() => Math.fround(0.3));
    const dy = randomValues(random, same.length);
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const x = program.input(same);
    const gradient = program.input(dy);
    const [y, dx] = [program.sample(x.features), program.sample(x.features)];
    const statistics = program.sample(2 * shape.groups);
    const gamma = program.variable(given.gamma);
    const operands = { x, statistics, gamma };
    program.call(
      'groupNorm',
      { y, ...operands, beta: program.variable(given.beta) },
      { ...sizeOf(shape), epsilon: EPSILON },
    );
    const sums = program.sample(2 * shape.groups);
    program.call('groupNormGradientSums', { sums, dy: gradient, ...operands }, sizeOf(shape));
    program.call('groupNormGradient', { dx, dy: gradient, sums, ...operands }, sizeOf(shape));
    const results = await program.run();
    const name = nameOf(shape);
    // A rounding of the mean, over the root of epsilon.
    isClose(t, name, results(y), groupNorm(shape, same, given), 4 * rounding, 1 / Math.sqrt(EPSILON));
    const expected = groupNormGradient(shape, dy, same, given).dx;
    isClose(t, `dx, ${name}`, results(dx), expected, 64 * rounding, largestMagnitude(expected) + 1);
  }
});

testEachKernel('gradients of group norm follow the chain rule', async (t, kernels, rounding) => {
  const random = new Philox(963);
  for (const [i, shape] of SHAPES.entries()) {
    const given = drawn(random, shape, i % 2 === 0);
    const values = randomValues(random, given.x.length);
    const program = new CallProgram({ ...kernels, samples: shape.samples, groupsPerBlock: 1 + (i % 2) });
    const blocks = Math.ceil(Math.ceil(shape.samples / 16) / (1 + (i % 2)));
    const channels = shape.groups * shape.channels;
    const [x, dy] = [program.input(given.x), program.gradient(values)];
    const [y, apart] = [program.sample(x.features), program.sample(x.features)];
    const [statistics, sums] = [program.sample(2 * shape.groups), program.sample(2 * shape.groups)];
    const gamma = i % 2 === 0 ? { gamma: program.variable(given.gamma) } : {};
    const [dgamma, dbeta] = [program.variable(channels * blocks), program.variable(channels * blocks)];
    program.call('groupNorm', { y, x, statistics, ...gamma }, { ...sizeOf(shape), epsilon: EPSILON });
    const operands = { dy, x, statistics, sums, ...gamma };
    program.call('groupNormGradientSums', { ...operands, dgamma, dbeta }, sizeOf(shape));
    // Into memory of its own, and then over dy.
    for (const dx of [apart, dy]) program.call('groupNormGradient', { dx, ...operands }, sizeOf(shape));
    const results = await program.run(1);
    const expected = groupNormGradient(shape, values, given.x, given);
    const inverse = Math.max(1, largestMagnitude(normalValues(shape, given.x, EPSILON).inverses));
    const name = nameOf(shape);
    isClose(t, `dx, ${name}`, results(apart), expected.dx, 32 * rounding, 4 * inverse ** 2);
    t.deepEqual(results(dy), results(apart));
    const whole = (partial: ArrayLike<number>) =>
      Float64Array.from({ length: channels }, (_, c) => {
        return Array.from({ length: blocks }, (_, b) => at(partial, b * channels + c)).reduce((a, b) => a + b, 0);
      });
    const terms = (shape.samples * shape.pixels) ** 0.5;
    isClose(t, `dgamma, ${name}`, whole(results(dgamma)), expected.dgamma, 16 * rounding, terms * inverse);
    isClose(t, `dbeta, ${name}`, whole(results(dbeta)), expected.dbeta, 32 * rounding, terms);
    const again = await program.run(3);
    for (const gradient of [dgamma, dbeta]) {
      t.deepEqual(again(gradient), results(gradient), 'threads change nothing');
    }
  }
});

testEachKernel('group norm refuses operands that do not fit', async (t, kernels) => {
  const attempt = async (features: number, attributes: Record<string, number>, statistics = 4) => {
    const program = new CallProgram({ ...kernels, samples: 3 });
    const x = program.input(new Float32Array(3 * 12));
    const operands = { y: program.sample(features), x, statistics: program.sample(statistics) };
    program.call('groupNorm', operands, { groups: 2, channels: 2, pixels: 3, epsilon: EPSILON, ...attributes });
    await program.run();
  };
  await t.notThrowsAsync(attempt(12, {}));
  await t.throwsAsync(attempt(11, {}), { message: /groupNorm: expected at least 192 elements for y/ });
  await t.throwsAsync(attempt(12, {}, 3), { message: /elements for statistics/ });
  await t.throwsAsync(attempt(12, { groups: 0 }), { message: /from 1 to .* for groups/ });
  await t.throwsAsync(attempt(12, { pixels: 2 ** 30, channels: 2 ** 30 }), { message: /fits in memory/ });
});
