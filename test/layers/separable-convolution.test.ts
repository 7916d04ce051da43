import test from 'ava';
import { type ConvolutionPadding, layers, type SymbolicTensor } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { isas } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomValues } from '../helpers/values.js';

/** Of the largest output; the reference is the same network in double, which computes both convolutions apart. */
const TOLERANCE = 4e-6;
const SAMPLES = 18;

interface Case {
  readonly shape: readonly [number, number, number];
  readonly kernelSize: number | readonly [number, number];
  readonly strides?: number;
  readonly padding?: ConvolutionPadding;
  readonly dilation?: number;
  readonly flip?: boolean;
  readonly filters: number;
  /** Between the two, and behind them. */
  readonly between: 'nothing' | 'relu' | 'norm';
  readonly behind: 'nothing' | 'relu' | 'norm' | 'add';
}

const CASES: readonly Case[] = [
  { shape: [5, 7, 6], kernelSize: 3, padding: 1, filters: 8, between: 'norm', behind: 'norm' },
  { shape: [16, 9, 11], kernelSize: 3, padding: 'same', filters: 13, between: 'relu', behind: 'relu' },
  { shape: [3, 12, 13], kernelSize: 3, padding: 1, strides: 2, filters: 24, between: 'norm', behind: 'nothing' },
  { shape: [33, 8, 8], kernelSize: 3, padding: 1, strides: 2, filters: 6, between: 'nothing', behind: 'norm' },
  { shape: [4, 6, 5], kernelSize: 5, padding: 2, filters: 4, between: 'relu', behind: 'norm' },
  { shape: [7, 9, 9], kernelSize: [3, 5], padding: 'valid', filters: 3, between: 'norm', behind: 'relu' },
  { shape: [2, 11, 4], kernelSize: 3, padding: 'valid', strides: 3, filters: 17, between: 'nothing', behind: 'relu' },
  { shape: [6, 4, 4], kernelSize: 7, padding: 3, filters: 6, between: 'relu', behind: 'add' },
  { shape: [12, 10, 10], kernelSize: 3, padding: 1, filters: 12, between: 'norm', behind: 'add' },
  { shape: [4, 6, 21], kernelSize: 3, padding: 1, filters: 9, between: 'norm', behind: 'norm' },
  { shape: [3, 18, 35], kernelSize: 3, padding: 1, strides: 2, filters: 5, between: 'relu', behind: 'norm' },
  { shape: [3, 9, 38], kernelSize: 3, padding: 'valid', strides: 2, filters: 5, between: 'norm', behind: 'norm' },
  { shape: [5, 4, 13], kernelSize: 3, padding: 2, filters: 4, between: 'norm', behind: 'norm' },
  { shape: [5, 7, 1], kernelSize: 3, padding: 1, filters: 4, between: 'norm', behind: 'norm' },
  { shape: [9, 2, 2], kernelSize: 3, padding: 1, filters: 1, between: 'norm', behind: 'norm' },
  { shape: [5, 9, 11], kernelSize: 3, padding: 'same', dilation: 2, filters: 7, between: 'norm', behind: 'relu' },
  { shape: [4, 8, 9], kernelSize: 3, padding: 'full', flip: true, filters: 6, between: 'relu', behind: 'norm' },
  {
    shape: [3, 4, 5],
    kernelSize: [5, 3],
    padding: 4,
    dilation: 2,
    flip: true,
    filters: 3,
    between: 'norm',
    behind: 'relu',
  },
];

function networkOf({
  shape,
  kernelSize,
  strides = 1,
  padding = 0,
  dilation = 1,
  flip = false,
  ...rest
}: Case): TestNetwork {
  const { filters, between, behind } = rest;
  return new TestNetwork(shape, (input) => {
    const finish = (x: SymbolicTensor, what: string) => {
      const y = what === 'norm' ? layers.batchNormalization().apply(x) : x;
      return what === 'nothing' ? y : layers.activation({ activation: 'relu' }).apply(y);
    };
    const size = typeof kernelSize === 'number' ? kernelSize : ([...kernelSize] as [number, number]);
    const depthwise = { filters: shape[0], kernelSize: size, strides, padding, dilation, flip, groups: shape[0] };
    const made = finish(layers.conv2d(depthwise).apply(input), between);
    const pointwise = layers.conv2d({ filters, kernelSize: 1 }).apply(made);
    const y = behind === 'add' ? layers.add().apply([pointwise, input]) : finish(pointwise, behind);
    return layers.dense({ units: 4 }).apply(layers.flatten().apply(y));
  });
}

test('a depthwise convolution and the pointwise one behind it are one call of a prediction, and two of a training', (t) => {
  for (const options of CASES) {
    const network = networkOf(options);
    const isa = isas[0] ? { isa: isas[0] } : {};
    const count = (mode: 'predict' | 'evaluate' | 'gradients') =>
      network.description(mode, SAMPLES, isa).calls.filter(({ op }) => op === 'separableConvolution').length;
    const vectors = isas[0] !== 'scalar';
    t.deepEqual(
      [count('predict'), count('evaluate'), count('gradients')],
      vectors ? [1, 1, 0] : [0, 0, 0],
      JSON.stringify(options),
    );
  }
});

test('predictions through both at once are those of both apart, in double', async (t) => {
  const random = new Philox(7);
  for (const [i, options] of CASES.entries()) {
    const network = networkOf(options);
    const parameters = network.randomParameters(random);
    const inputs = randomValues(random, SAMPLES * network.features);
    const expected = await network.predict(parameters, inputs, DOUBLE);
    for (const isa of isas) {
      const outputs = await network.predict(parameters, inputs, { isa });
      isClose(t, `case ${i}, ${isa}`, outputs, expected, TOLERANCE);
      const threads = await network.predict(parameters, inputs, { isa, threads: 3 });
      t.deepEqual(threads, outputs, `case ${i}, ${isa}, threads`);
    }
  }
});

test('what others read too is not taken in', (t) => {
  const network = new TestNetwork([4, 6, 6], (input) => {
    const depthwise = layers.conv2d({ filters: 4, kernelSize: 3, padding: 1, groups: 4 }).apply(input);
    const pointwise = layers.conv2d({ filters: 4, kernelSize: 1 }).apply(depthwise);
    const both = layers.add().apply([pointwise, depthwise]);
    return layers.dense({ units: 2 }).apply(layers.flatten().apply(both));
  });
  t.false(network.description('predict', SAMPLES).calls.some(({ op }) => op === 'separableConvolution'));
});
