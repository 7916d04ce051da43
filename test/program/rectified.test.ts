// Max pooling behind a relu gives the gradient before that relu, so that no call of its own is needed for it. The truth is a relu that
// programs do not know as one: a leaky relu of slope 0.
import test from 'ava';
import { type ElementwiseActivation, layers, type SymbolicTensor } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { isas } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { largestMagnitude, randomLabels, randomValues } from '../helpers/values.js';

type Build = (x: SymbolicTensor, activation: ElementwiseActivation) => SymbolicTensor;

const conv = (x: SymbolicTensor, filters: number, activation: ElementwiseActivation = 'linear') =>
  layers.conv2d({ filters, kernelSize: 3, padding: 'same', activation }).apply(x);
const pool = (x: SymbolicTensor) => layers.maxPooling2d().apply(x);
const act = (x: SymbolicTensor, activation: ElementwiseActivation) => layers.activation({ activation }).apply(x);
const normalize = (x: SymbolicTensor) => layers.batchNormalization().apply(x);

/** Networks, and how many of their relus need a call for their gradient. */
const cases: Record<string, { left: number; build: Build }> = {
  'a convolution': { left: 0, build: (x, activation) => pool(conv(x, 5, activation)) },
  'overlapping windows': {
    left: 0,
    build: (x, activation) => layers.maxPooling2d({ poolSize: 3, strides: 2 }).apply(conv(x, 5, activation)),
  },
  bins: {
    left: 0,
    build: (x, activation) => layers.adaptiveMaxPooling2d({ outputSize: [3, 2] }).apply(conv(x, 5, activation)),
  },
  'an activation of its own': { left: 0, build: (x, activation) => pool(act(pool(conv(x, 4)), activation)) },
  'batch normalisation': { left: 0, build: (x, activation) => pool(act(normalize(conv(x, 5)), activation)) },
  'batch normalisation with an addend': {
    left: 0,
    build: (x, activation) => {
      const y = conv(x, 5);
      return pool(act(layers.add().apply([normalize(y), y]), activation));
    },
  },
  'a sum of two relus, whose own remain': {
    left: 2,
    build: (x, activation) => {
      const sum = layers.add().apply([conv(x, 4, activation), conv(x, 4, activation)]);
      return pool(act(sum, activation));
    },
  },
  'a relu that a convolution reads too': {
    left: 1,
    build: (x, activation) => {
      const y = conv(x, 4, activation);
      return layers.add().apply([pool(y), pool(conv(y, 4))]);
    },
  },
  'a relu that a convolution reads after its pooling': {
    left: 1,
    build: (x, activation) => {
      const y = conv(x, 4, activation);
      return layers.add().apply([pool(conv(y, 4)), pool(y)]);
    },
  },
  'a relu that is pooled twice': {
    left: 1,
    build: (x, activation) => {
      const y = conv(x, 4, activation);
      const three = layers.maxPooling2d({ poolSize: 3, strides: 2, padding: 'same' }).apply(y);
      return layers.add().apply([pool(y), three]);
    },
  },
  'a relu with something between it and the pooling': {
    left: 1,
    build: (x, activation) => pool(layers.zeroPadding2d({ padding: 1 }).apply(conv(x, 4, activation))),
  },
};

const SHAPE = [3, 8, 6];

for (const [what, { left, build }] of Object.entries(cases)) {
  const make = (activation: ElementwiseActivation) =>
    new TestNetwork(SHAPE, (x) => layers.dense({ units: 4 }).apply(layers.flatten().apply(build(x, activation))));

  test(`the gradient of the relu before max pooling: ${what}`, async (t) => {
    const [known, unknown] = [make('relu'), make({ type: 'leakyRelu', negativeSlope: 0 })];
    const { calls } = known.description('gradients', 20);
    t.is(calls.filter(({ op }) => op === 'activationGradient').length, left);
    const random = new Philox(7);
    const parameters = known.randomParameters(random);
    const batch = {
      inputs: randomValues(random, 20 * known.features),
      labels: randomLabels(random, 20, known.classes),
    };
    for (const settings of [...isas.map((isa) => ({ isa })), DOUBLE]) {
      const [actual, expected] = [
        await known.gradients(parameters, batch, settings),
        await unknown.gradients(parameters, batch, settings),
      ];
      t.is(actual.loss, expected.loss);
      for (const [i, values] of [expected.input, ...expected.parameters].entries()) {
        const own = [actual.input, ...actual.parameters][i] ?? [];
        isClose(t, `${what}, ${i}, ${JSON.stringify(settings)}`, own, values, 1e-6, largestMagnitude(values));
      }
    }
  });
}
