import test from 'ava';
import { layers } from 'cnnative';
import {
  type Anything,
  arraysOfNumbers,
  JUNK,
  junkBut,
  NAMES,
  objects,
  refused,
  refusesOptions,
  show,
} from '../helpers/bad-values.js';

const PAIRS = [[3], [3, 0], [3, -1], [3, 1.5], [3, '3'], [3, 3, 3], 2 ** 20, [1, 2 ** 20]];

/** Activations with a parameter gone wrong. */
const BAD_ACTIVATIONS = [
  {},
  { type: 'relu' },
  { type: 'softmax' },
  { type: 'toString' },
  { type: 'leakyRelu', slope: 0.1 },
  { type: 'leakyRelu', alpha: 0.1 },
  { type: 'elu', negativeSlope: 0.1 },
  { type: 'elu', alpha: 1, name: 'x' },
  ...[-0.1, Number.NaN, Infinity, 1e7, '1', null].flatMap((value) => [
    { type: 'leakyRelu', negativeSlope: value },
    { type: 'elu', alpha: value },
  ]),
];

const WEIGHTS = {
  kernelInitializer: junkBut(...arraysOfNumbers),
  biasInitializer: junkBut(...arraysOfNumbers),
  kernelRegularizer: junkBut(...objects.filter((value) => Object.keys(value as object).length === 0)),
  biasRegularizer: junkBut(...objects.filter((value) => Object.keys(value as object).length === 0)),
};

/** What every convolution refuses. */
const NO_CONVOLUTION = {
  kernelSize: [...JUNK, ...PAIRS, undefined],
  strides: [...JUNK, ...PAIRS],
  padding: [...junkBut(0), 'SAME', 'Full', [1, 1], [1, 1, 1, -1], [1, 1, 1, 1.5], [1, 1, 1, '1'], 2 ** 20],
  dilation: [...JUNK, ...PAIRS, 2 ** 19],
  activation: [...JUNK, 'softmax', 'logSoftmax', 'ReLU', 'swish', ...BAD_ACTIVATIONS],
  useBias: junkBut(true, false),
  ...WEIGHTS,
  name: NAMES,
};

test('convolutions of every kind refuse what is no option', async (t) => {
  const groups = [...JUNK, 3];
  const flip = junkBut(true, false);
  const filters = [...JUNK, undefined];
  await refusesOptions(t, layers.conv2d, { filters: 2, kernelSize: 3 }, { ...NO_CONVOLUTION, filters, groups, flip });
  await refusesOptions(t, layers.depthwiseConv2d, { kernelSize: 3 }, { ...NO_CONVOLUTION, depthMultiplier: JUNK });
  await refusesOptions(
    t,
    layers.separableConv2d,
    { filters: 2, kernelSize: 3 },
    { ...NO_CONVOLUTION, filters, depthMultiplier: JUNK },
  );
  await refusesOptions(
    t,
    layers.conv2dTranspose,
    { filters: 2, kernelSize: 3, strides: 2, outputPadding: 1 },
    {
      ...NO_CONVOLUTION,
      filters,
      padding: [...NO_CONVOLUTION.padding, 'same'],
      outputPadding: [...junkBut(0), ...PAIRS.filter((pair) => String(pair) !== '3,0'), 2, [0, 2], [3, 0]],
      groups,
    },
  );
  for (const make of [layers.conv2d, layers.depthwiseConv2d, layers.separableConv2d, layers.conv2dTranspose]) {
    for (const options of JUNK) await refused(t, show(options), () => make(options as Anything));
  }
});

test('layers.maxPooling2d refuses what is no option', async (t) => {
  await refusesOptions(
    t,
    layers.maxPooling2d,
    {},
    {
      poolSize: [...JUNK, ...PAIRS],
      strides: [...JUNK, ...PAIRS],
      padding: [...junkBut(0), 'SAME', [1, 1], [1, 1, 1, -1]],
      name: NAMES,
    },
  );
  for (const options of junkBut(...objects))
    await refused(t, show(options), () => layers.maxPooling2d(options as Anything));
});

test('layers.dense, flatten and activation refuse what is no option', async (t) => {
  await refusesOptions(
    t,
    layers.dense,
    { units: 3 },
    {
      units: [...JUNK, undefined],
      activation: [...JUNK, 'Softmax', 'toString', '__proto__', ...BAD_ACTIVATIONS],
      useBias: junkBut(true, false),
      ...WEIGHTS,
      name: NAMES,
    },
  );
  await refusesOptions(t, layers.activation, { activation: 'relu' }, { activation: [...JUNK, undefined], name: NAMES });
  await refusesOptions(t, layers.flatten, {}, { name: NAMES });
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.dense(options as Anything));
    await refused(t, show(options), () => layers.activation(options as Anything));
    await refused(t, show(options), () => layers.flatten(options as Anything));
  }
});

test('layers of activations refuse what is no option', async (t) => {
  const numbers = [...junkBut(0, 1.5), -0.1, 1e7];
  await refusesOptions(t, layers.leakyRelu, {}, { negativeSlope: numbers, name: NAMES });
  await refusesOptions(t, layers.elu, { alpha: 2 }, { alpha: numbers, name: NAMES });
  await refusesOptions(t, layers.prelu, {}, { shared: junkBut(true, false), name: NAMES });
  for (const make of [layers.relu, layers.gelu, layers.softmax, layers.linear]) {
    await refusesOptions(t, make, {}, { name: NAMES });
    await refused(t, 'alpha', () => make({ alpha: 1 } as Anything));
  }
  for (const options of junkBut(...objects)) {
    await refused(t, show(options), () => layers.mish(options as Anything));
    await refused(t, show(options), () => layers.elu(options as Anything));
    await refused(t, show(options), () => layers.prelu(options as Anything));
  }
});

test('layers with weights refuse what says nothing of training, those without refuse to be trained', async (t) => {
  const bad = { learningRateFactor: junkBut(0, 1.5, 2 ** 53, 1e300), trainable: junkBut(true, false) };
  await refusesOptions(t, layers.dense, { units: 2 }, bad);
  await refusesOptions(t, layers.conv2d, { filters: 2, kernelSize: 3 }, bad);
  await refusesOptions(t, layers.conv2dTranspose, { filters: 2, kernelSize: 3 }, bad);
  await refusesOptions(t, layers.depthwiseConv2d, { kernelSize: 3 }, bad);
  await refusesOptions(t, layers.separableConv2d, { filters: 2, kernelSize: 3 }, bad);
  await refusesOptions(t, layers.groupNormalization, { groups: 2 }, bad);
  for (const make of [
    layers.batchNormalization,
    layers.layerNormalization,
    layers.instanceNormalization,
    layers.prelu,
  ]) {
    await refusesOptions(t, make, {}, bad);
  }
  for (const make of [layers.flatten, layers.maxPooling2d, layers.add]) {
    await refusesOptions(t, make, {}, { trainable: [true, false], learningRateFactor: [1] });
  }
});
