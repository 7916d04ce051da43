import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { type NormShape, normalize, normalizeGradient, statistics } from '../helpers/reference/batch-norm.js';
import { at, magnitudes, randomValues } from '../helpers/values.js';

/** Planes and batches of one, of odd sizes, of whole lane groups and of many of them. */
const SHAPES: readonly NormShape[] = [
  { samples: 1, channels: 3, pixels: 1 },
  { samples: 1, channels: 2, pixels: 9 },
  { samples: 7, channels: 5, pixels: 35 },
  { samples: 16, channels: 17, pixels: 9 },
  { samples: 17, channels: 4, pixels: 63 },
  { samples: 33, channels: 1, pixels: 2 },
  { samples: 40, channels: 3, pixels: 225 },
  { samples: 530, channels: 11, pixels: 1 },
];
const EPSILON = 1e-5;
const MOMENTUM = 0.9;

const nameOf = ({ samples, channels, pixels }: NormShape) => `${samples} samples, ${channels} x ${pixels}`;
const sizeOf = ({ samples, channels, pixels }: NormShape) => samples * channels * pixels;

/** Statistics of the batch by native calls, into variables. */
function measured(program: CallProgram, shape: NormShape, x: ReturnType<CallProgram['input']>, random: Philox) {
  const { channels, pixels } = shape;
  const gamma = randomValues(random, channels, 2);
  const beta = randomValues(random, channels, 2);
  const moments = program.group(2 * channels);
  const variables = {
    mean: program.variable(channels),
    variance: program.variable(channels),
    scale: program.variable(channels),
    shift: program.variable(channels),
    gamma: program.variable(gamma),
    beta: program.variable(beta),
  };
  program.call('batchNormMoments', { moments, x }, { channels, pixels });
  program.call('batchNormStatistics', { moments, ...variables }, { channels, pixels, epsilon: EPSILON });
  return { gamma, beta, variables };
}

/** Values of a channel around its own mean. */
function around(random: Philox, shape: NormShape, mean: number, spread: number): Float32Array {
  const means = randomValues(random, shape.channels, mean);
  return randomValues(random, sizeOf(shape), spread).map((value, i) => {
    return value + at(means, Math.floor(i / shape.pixels) % shape.channels);
  });
}

testEachKernel('batch norm has the mean and variance of its batch', async (t, kernels, rounding) => {
  const random = new Philox(600);
  for (const shape of SHAPES) {
    const x = around(random, shape, 1, 1);
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const { variables } = measured(program, shape, program.input(x), random);
    const results = await program.run();
    const expected = statistics(shape, x);
    isClose(t, `mean, ${nameOf(shape)}`, results(variables.mean), expected.mean, 8 * rounding, 2);
    isClose(t, `variance, ${nameOf(shape)}`, results(variables.variance), expected.variance, 16 * rounding, 1);
  }
});

// Means of squares less squares of means would leave nothing of such a variance in float32.
testEachKernel('batch norm keeps the variance of values far from zero', async (t, kernels, rounding) => {
  const random = new Philox(601);
  for (const shape of SHAPES) {
    const x = randomValues(random, sizeOf(shape)).map((value) => 10_000 + value);
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const { variables } = measured(program, shape, program.input(x), random);
    const results = await program.run();
    const expected = statistics(shape, x);
    isClose(t, `mean, ${nameOf(shape)}`, results(variables.mean), expected.mean, 32 * rounding, 10_000);
    isClose(t, `variance, ${nameOf(shape)}`, results(variables.variance), expected.variance, 4000 * rounding, 1);
  }
});

testEachKernel('batch norm normalises, adds and clamps as its definition does', async (t, kernels, rounding) => {
  const random = new Philox(602);
  for (const [i, shape] of SHAPES.entries()) {
    const relu = i % 2 === 0;
    const x = around(random, shape, 1, 1);
    const addend = i % 4 < 2 ? randomValues(random, x.length, 2) : undefined;
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const input = program.input(x);
    const { gamma, beta, variables } = measured(program, shape, input, random);
    const { scale, shift } = variables;
    const { channels, pixels } = shape;
    // Into memory of its own, and then over its input.
    const apart = program.sample(input.features);
    const operands = { x: input, scale, shift, ...(addend && { addend: program.input(addend) }) };
    for (const y of [apart, input]) {
      program.call('scaleShift', { y, ...operands }, { channels, pixels, relu: relu ? 1 : 0 });
    }
    const results = await program.run();
    const given = { ...statistics(shape, x), gamma, beta, epsilon: EPSILON };
    const expected = normalize(shape, x, given).map((value, j) => {
      const sum = value + (addend?.[j] ?? 0);
      return relu ? Math.max(0, sum) : sum;
    });
    const inverse = Math.max(...given.variance.map((variance) => 1 / Math.sqrt(variance + EPSILON)));
    isClose(t, nameOf(shape), results(apart), expected, 16 * rounding, Math.max(4, 4 * inverse));
    t.deepEqual(results(input), results(apart));
  }
});

testEachKernel('gradients of batch norm follow the chain rule', async (t, kernels, rounding) => {
  const random = new Philox(603);
  for (const [i, shape] of SHAPES.entries()) {
    if (shape.samples * shape.pixels === 1) continue; // a single value is its own mean, and has no gradient
    const x = around(random, shape, 1, 1);
    const dy = randomValues(random, x.length);
    const y = i % 2 === 0 ? randomValues(random, x.length).map((value) => Math.max(0, value)) : undefined;
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const input = program.input(x);
    const { gamma, variables } = measured(program, shape, input, random);
    const gradient = program.gradient(dy);
    const result = backward(program, shape, { x: input, dy: gradient, y: y && program.input(y), variables });
    const results = await program.run();
    const passed = y ? dy.map((value, j) => (at(y, j) > 0 ? value : 0)) : dy;
    const { sizes, ...expected } = normalizeGradient(shape, passed, x, gamma, EPSILON);
    const name = nameOf(shape);
    isClose(t, `dgamma, ${name}`, results(result.dgamma), expected.dgamma, 8 * rounding, sizes.dgamma);
    isClose(t, `dbeta, ${name}`, results(result.dbeta), expected.dbeta, 8 * rounding, sizes.dbeta);
    isClose(t, `dx, ${name}`, results(result.dx), expected.dx, 32 * rounding, Math.max(...sizes.dx));
  }
});

testEachKernel('what a relu let pass is seen from its argument as from its result', async (t, kernels) => {
  const random = new Philox(604);
  for (const shape of SHAPES) {
    const x = around(random, shape, 1, 1);
    const dy = randomValues(random, x.length);
    const { channels, pixels } = shape;
    const program = new CallProgram({ ...kernels, samples: shape.samples });
    const input = program.input(x);
    const { variables } = measured(program, shape, input, random);
    const { scale, shift, mean } = variables;
    const y = program.sample(input.features);
    program.call('scaleShift', { y, x: input, scale, shift }, { channels, pixels, relu: 1 });
    const abc = { a: program.variable(randomValues(random, channels)), b: scale, c: shift };
    const through = (gradient: ReturnType<CallProgram['gradient']>, relu: object, behind: object) => {
      const operands = { sums: program.group(2 * channels), dy: gradient, x: input, mean, ...relu };
      program.call('batchNormGradientSums', operands, { channels, pixels });
      const dx = program.sample(input.features);
      program.call('batchNormGradient', { dx, dy: gradient, x: input, ...abc, ...behind }, { channels, pixels });
      return dx;
    };
    const [first, second] = [program.gradient(dy), program.gradient(dy)];
    const fromResult = through(first, { y, masked: first }, {});
    const fromArgument = through(second, { scale, shift }, { scale, shift });
    const results = await program.run();
    t.deepEqual(results(fromArgument), results(fromResult), nameOf(shape));
  }
});

/** What the gradient of a batch norm is made by; with y, over the memory of dy. */
function backward(
  program: CallProgram,
  { channels, pixels }: NormShape,
  {
    x,
    dy,
    y,
    variables,
  }: Record<'x' | 'dy', ReturnType<CallProgram['input']>> & {
    y: ReturnType<CallProgram['input']> | undefined;
    variables: ReturnType<typeof measured>['variables'];
  },
) {
  const { mean, variance, gamma } = variables;
  const sums = program.group(2 * channels);
  program.call('batchNormGradientSums', { sums, dy, x, mean, ...(y && { y, masked: dy }) }, { channels, pixels });
  const made = { dgamma: program.variable(channels), dbeta: program.variable(channels) };
  const abc = { a: program.variable(channels), b: program.variable(channels), c: program.variable(channels) };
  const attributes = { channels, pixels, epsilon: EPSILON };
  program.call('batchNormGradientStatistics', { sums, mean, variance, gamma, ...made, ...abc }, attributes);
  const dx = y ? dy : program.sample(x.features);
  program.call('batchNormGradient', { dx, dy, x, ...abc }, { channels, pixels });
  return { ...made, dx };
}

testEachKernel('lanes without a sample have no gradient behind batch norm', async (t, kernels, rounding) => {
  const random = new Philox(604);
  const shape = { samples: 19, channels: 3, pixels: 5 };
  const { channels, pixels } = shape;
  const [dy, x] = [randomValues(random, sizeOf(shape)), randomValues(random, sizeOf(shape))];
  const [a, b, c] = [randomValues(random, channels), randomValues(random, channels), Float32Array.of(100, -100, 50)];
  const program = new CallProgram({ ...kernels, samples: shape.samples, groupsPerBlock: 2 });
  const dx = program.sample(channels * pixels);
  const operands = { dx, dy: program.input(dy), x: program.input(x) };
  const [va, vb, vc] = [a, b, c].map((values) => program.variable(values)) as [never, never, never];
  program.call('batchNormGradient', { ...operands, a: va, b: vb, c: vc }, { channels, pixels });
  // A sum over all lanes, those without a sample included.
  const db = program.variable(channels);
  program.call('biasGradient', { db, dy: dx }, { channels, pixels });
  const results = await program.run();
  const channelOf = (i: number) => Math.floor(i / pixels) % channels;
  const expected = Float64Array.from(dy, (value, i) => {
    const k = channelOf(i);
    return value * at(a, k) + at(x, i) * at(b, k) + at(c, k);
  });
  isClose(t, 'dx', results(dx), expected, 4 * rounding, 102);
  const [sums, sizes] = [new Float64Array(channels), new Float64Array(channels)];
  expected.forEach((value, i) => {
    sums[channelOf(i)] = at(sums, channelOf(i)) + value;
    sizes[channelOf(i)] = at(sizes, channelOf(i)) + Math.abs(value);
  });
  isClose(t, 'sums', results(db), sums, 10 * rounding, sizes);
});

testEachKernel('running statistics follow the unbiased variance with momentum', async (t, kernels, rounding) => {
  const random = new Philox(605);
  for (const shape of SHAPES) {
    const { channels, pixels, samples } = shape;
    const x = around(random, shape, 3, 1);
    const before = { mean: randomValues(random, channels, 5), variance: magnitudes(randomValues(random, channels, 5)) };
    const program = new CallProgram({ ...kernels, samples });
    const { variables } = measured(program, shape, program.input(x), random);
    const running = {
      runningMean: program.variable(before.mean),
      runningVariance: program.variable(before.variance),
    };
    const { mean, variance } = variables;
    const attributes = { channels, pixels, momentum: MOMENTUM };
    program.call('batchNormRunning', { ...running, mean, variance }, attributes, 'update');
    const results = await program.run();
    const batch = statistics(shape, x);
    const count = samples * pixels;
    const follow = (old: ArrayLike<number>, now: Float64Array, factor: number) =>
      now.map((value, i) => MOMENTUM * at(old, i) + (1 - MOMENTUM) * factor * value);
    const unbias = count > 1 ? count / (count - 1) : 1;
    const name = nameOf(shape);
    isClose(t, `mean, ${name}`, results(running.runningMean), follow(before.mean, batch.mean, 1), 8 * rounding, 8);
    const expected = follow(before.variance, batch.variance, unbias);
    isClose(t, `variance, ${name}`, results(running.runningVariance), expected, 8 * rounding, 5);
  }
});
