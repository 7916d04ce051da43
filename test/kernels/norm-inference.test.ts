import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { sizeOf } from '#lib/util/shape.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachKernel } from '../helpers/isas.js';
import { normalize } from '../helpers/reference/batch-norm.js';
import { convolution } from '../helpers/reference/convolution.js';
import { dense } from '../helpers/reference/dense.js';
import { axesOf, positions } from '../helpers/reference/sliding.js';
import { TestNetwork } from '../helpers/test-network.js';
import { at, largestMagnitude, type Numbers, randomValues } from '../helpers/values.js';

const EPSILON = 1e-3;

/** Statistics and scales as training leaves them, the variance positive and small in places. */
function drawn(random: Philox, channels: number) {
  return {
    gamma: randomValues(random, channels, 2),
    beta: randomValues(random, channels, 2),
    mean: randomValues(random, channels, 3),
    variance: randomValues(random, channels).map((value) => value * value),
    epsilon: EPSILON,
  };
}

testEachKernel('running statistics become a scale and a shift', async (t, kernels, rounding) => {
  const random = new Philox(620);
  for (const shape of [
    { samples: 1, channels: 1, pixels: 1 },
    { samples: 7, channels: 19, pixels: 9 },
    { samples: 33, channels: 3, pixels: 35 },
  ]) {
    const { samples, channels, pixels } = shape;
    const { epsilon, ...given } = drawn(random, channels);
    const x = randomValues(random, samples * channels * pixels);
    const program = new CallProgram({ ...kernels, samples });
    const [scale, shift] = [program.variable(channels), program.variable(channels)];
    const [gamma, beta] = [program.variable(given.gamma), program.variable(given.beta)];
    const [mean, variance] = [program.variable(given.mean), program.variable(given.variance)];
    program.call('batchNormScale', { scale, shift, gamma, beta, mean, variance }, { channels, epsilon }, 'prepare');
    const y = program.sample(channels * pixels);
    program.call('scaleShift', { y, x: program.input(x), scale, shift }, { channels, pixels, relu: 0 });
    const expected = normalize(shape, x, { ...given, epsilon });
    isClose(t, `${channels} x ${pixels}`, (await program.run())(y), expected, 8 * rounding);
  }
});

testEachKernel('batch norm folds into kernel and bias by its formula', async (t, kernels, rounding) => {
  const random = new Philox(621);
  for (const [filters, elements] of [
    [1, 1],
    [5, 27],
    [17, 9],
    // More than one piece of work, and one filter larger than a piece.
    [40, 900],
    [2, 20_000],
  ] as const) {
    for (const useBias of [false, true]) {
      const { epsilon, ...given } = drawn(random, filters);
      const w = randomValues(random, filters * elements);
      const bias = useBias ? randomValues(random, filters, 2) : undefined;
      const program = new CallProgram({ ...kernels, samples: 1 });
      const [folded, foldedBias] = [program.variable(w.length), program.variable(filters)];
      const operands = {
        ...{ folded, foldedBias, w: program.variable(w), ...(bias && { bias: program.variable(bias) }) },
        ...{ gamma: program.variable(given.gamma), beta: program.variable(given.beta) },
        ...{ mean: program.variable(given.mean), variance: program.variable(given.variance) },
      };
      program.call('foldBatchNorm', operands, { filters, elements, epsilon }, 'prepare');
      const results = await program.run();
      const scale = Float64Array.from(given.gamma, (gamma, k) => gamma / Math.sqrt(at(given.variance, k) + epsilon));
      const kernel = Float64Array.from(w, (value, i) => value * at(scale, Math.floor(i / elements)));
      isClose(t, `kernel of ${filters} x ${elements}`, results(folded), kernel, 4 * rounding, kernel.map(Math.abs));
      const shift = scale.map((s, k) => ((bias?.[k] ?? 0) - at(given.mean, k)) * s + at(given.beta, k));
      isClose(t, `bias of ${filters} x ${elements}`, results(foldedBias), shift, 4 * rounding);
    }
  }
});

/** The parameter of a network whose name ends so. */
function parameter(network: TestNetwork, values: readonly Numbers[], part: string): Numbers | undefined {
  const found = network.network.parameters.find(({ name }) => name.endsWith(`/${part}`));
  return found && values[found.slot];
}

testEachKernel(
  'inference of a convolution and its batch norm is what both give one by one',
  async (t, kernels, rounding) => {
    const random = new Philox(622);
    for (const { channels, filters, kernelSize, strides, image, samples, useBias } of [
      { channels: 3, filters: 5, kernelSize: 3, strides: 1, image: [7, 9], samples: 7, useBias: true },
      { channels: 16, filters: 24, kernelSize: 3, strides: 1, image: [8, 11], samples: 17, useBias: false },
      { channels: 16, filters: 17, kernelSize: 3, strides: 1, image: [9, 8], samples: 1, useBias: true },
      { channels: 17, filters: 8, kernelSize: 1, strides: 2, image: [5, 5], samples: 33, useBias: false },
    ]) {
      const shape = [channels, image[0] ?? 0, image[1] ?? 0];
      const network = new TestNetwork(shape, [
        layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias }),
        layers.batchNormalization({ epsilon: EPSILON }),
        layers.activation({ activation: 'relu' }),
      ]);
      const parameters = network.randomParameters(random);
      const x = randomValues(random, samples * sizeOf(shape));
      const [rows, columns] = axesOf(
        [shape[1] ?? 0, shape[2] ?? 0],
        [kernelSize, kernelSize],
        [strides, strides],
        'same',
      );
      const part = (name: string) => parameter(network, parameters, name) ?? [];
      const bias = parameter(network, parameters, 'bias');
      const y = convolution({ samples, channels, filters, rows, columns }, x, part('kernel'), bias);
      const given = { mean: part('runningMean'), variance: part('runningVariance') };
      const all = { ...given, gamma: part('gamma'), beta: part('beta'), epsilon: EPSILON };
      const pixels = positions(rows) * positions(columns);
      const expected = normalize({ samples, channels: filters, pixels }, y, all).map((value) => Math.max(0, value));
      const actual = await network.predict(parameters, x, { ...kernels, threads: 2 });
      isClose(t, `${channels} to ${filters}`, actual, expected, 40 * rounding, largestMagnitude(expected));
    }
  },
);

testEachKernel(
  'inference of a dense layer and its batch norm is what both give one by one',
  async (t, kernels, rounding) => {
    const random = new Philox(623);
    for (const [inputs, units, samples] of [
      [1, 3, 1],
      [33, 17, 33],
    ] as const) {
      const network = new TestNetwork([inputs], [layers.dense({ units }), layers.batchNormalization()]);
      const parameters = network.randomParameters(random);
      const x = randomValues(random, samples * inputs);
      const part = (name: string) => parameter(network, parameters, name) ?? [];
      const y = dense({ samples, inputs, units }, x, part('kernel'), part('bias'));
      const given = { mean: part('runningMean'), variance: part('runningVariance'), epsilon: 1e-5 };
      const all = { ...given, gamma: part('gamma'), beta: part('beta') };
      const expected = normalize({ samples, channels: units, pixels: 1 }, y, all);
      const actual = await network.predict(parameters, x, kernels);
      isClose(t, `${inputs} to ${units}`, actual, expected, 40 * rounding, largestMagnitude(expected));
    }
  },
);
