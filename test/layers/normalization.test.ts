import test from 'ava';
import { InvalidArgumentError, layers, ShapeError, sequential } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { groupNorm } from '../helpers/reference/group-norm.js';
import { localResponse } from '../helpers/reference/local-response.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomValues } from '../helpers/values.js';

const SAMPLES = 19;
const CHANNELS = 6;
const PIXELS = 15;

testEachIsa('every sample is normalised for itself, in evaluation as in training', async (t, isa) => {
  const random = new Philox(990);
  const inputs = randomValues(random, SAMPLES * CHANNELS * PIXELS, 3);
  const image = { samples: SAMPLES, channels: CHANNELS, pixels: PIXELS };
  const cases = [
    {
      layer: layers.layerNormalization({ epsilon: 1e-4 }),
      shape: { ...image, groups: 1, channels: CHANNELS * PIXELS, pixels: 1 },
      parameters: [CHANNELS, 3, 5],
    },
    {
      layer: layers.groupNormalization({ groups: 2, epsilon: 1e-4 }),
      shape: { ...image, groups: 2, channels: 3 },
      parameters: [CHANNELS],
    },
    {
      layer: layers.instanceNormalization({ epsilon: 1e-4 }),
      shape: { ...image, groups: CHANNELS, channels: 1 },
      parameters: [CHANNELS],
    },
  ];
  for (const { layer, shape, parameters } of cases) {
    const network = new TestNetwork([CHANNELS, 3, 5], [layer]);
    t.deepEqual(
      network.network.parameters.map(({ name, shape }) => ({ name, shape })),
      ['gamma', 'beta'].map((name) => ({ name: `${layer.type}/${name}`, shape: parameters })),
    );
    const values = network.randomParameters(random);
    const [gamma = [], beta = []] = values;
    const expected = groupNorm(shape, inputs, { gamma, beta, epsilon: 1e-4 });
    isClose(t, layer.type, await network.predict(values, inputs, { isa }), expected, 1e-6);
    isClose(t, layer.type, await network.predict(values, inputs, DOUBLE), expected, 1e-14);
  }
});

testEachIsa('local response normalisation reads its window of channels', async (t, isa) => {
  const inputs = randomValues(new Philox(991), SAMPLES * CHANNELS * PIXELS, 5);
  const usual = { size: 5, alpha: 1e-4, beta: 0.75, k: 1 };
  for (const options of [{}, { size: 2, alpha: 1, beta: 0.6, k: 2 }]) {
    const network = new TestNetwork([CHANNELS, 3, 5], [layers.localResponseNormalization(options)]);
    const shape = { samples: SAMPLES, channels: CHANNELS, pixels: PIXELS, ...usual, ...options };
    const expected = localResponse(shape, inputs);
    isClose(t, JSON.stringify(options), await network.predict([], inputs, { isa }), expected, 1e-6);
    isClose(t, JSON.stringify(options), await network.predict([], inputs, DOUBLE), expected, 1e-14);
  }
});

testEachIsa('a batch norm without scale or shift is one with ones or zeros in their place', async (t, isa) => {
  const random = new Philox(996);
  for (const samples of [3, SAMPLES]) {
    const inputs = randomValues(random, samples * 2 * PIXELS);
    for (const [scale, center] of [
      [false, true],
      [true, false],
      [false, false],
    ] as const) {
      // On its own and folded into a convolution.
      const make = (options: { scale?: boolean; center?: boolean }) =>
        new TestNetwork(
          [2, 3, 5],
          [
            layers.batchNormalization(options),
            layers.conv2d({ filters: CHANNELS, kernelSize: 3 }),
            layers.batchNormalization(options),
          ],
        );
      const [part, whole] = [make({ scale, center }), make({})];
      const values = whole.randomParameters(random).map((parameter, slot) => {
        const name = whole.network.parameters[slot]?.name ?? '';
        if (!scale && name.endsWith('gamma')) return parameter.fill(1);
        return !center && name.endsWith('beta') ? parameter.fill(0) : parameter;
      });
      const ofPart = part.network.parameters.map(({ name }) => {
        return values[whole.network.parameters.findIndex((other) => other.name === name)] ?? [];
      });
      t.is(ofPart.length, values.length - 2 * Number(!scale) - 2 * Number(!center));
      const actual = await part.predict(ofPart, inputs, { isa });
      t.deepEqual(actual, await whole.predict(values, inputs, { isa }), `scale ${scale}, center ${center}`);
      const batch = { inputs, labels: new Int32Array(samples) };
      const own = (await part.gradients(ofPart, batch, { isa })).input;
      t.deepEqual(own, (await whole.gradients(values, batch, { isa })).input, `scale ${scale}, center ${center}`);
    }
  }
});

test('layers that normalise each sample have only the parameters asked for', (t) => {
  const names = (options: { scale?: boolean; center?: boolean }) =>
    new TestNetwork([4, 3, 3], [layers.groupNormalization({ groups: 2, ...options })]).network.parameters.map(
      ({ name }) => name,
    );
  t.deepEqual(names({}), ['groupNormalization/gamma', 'groupNormalization/beta']);
  t.deepEqual(names({ scale: false }), ['groupNormalization/beta']);
  t.deepEqual(names({ center: false }), ['groupNormalization/gamma']);
  t.deepEqual(names({ scale: false, center: false }), []);
});

test('layers that normalise each sample begin as plain normalisations', async (t) => {
  const model = sequential({ inputShape: [4, 3, 3] }, [layers.layerNormalization({ name: 'norm' })]);
  const weights = await model.getWeights();
  t.deepEqual(weights['norm/gamma']?.data, new Float32Array(36).fill(1));
  t.deepEqual(weights['norm/beta']?.data, new Float32Array(36));
});

test('normalising layers refuse options that mean nothing', (t) => {
  const wrong = (make: () => unknown, message: RegExp) => t.throws(make, { instanceOf: InvalidArgumentError, message });
  for (const make of [
    layers.layerNormalization,
    layers.instanceNormalization,
    layers.batchNormalization,
    (options: object) => layers.groupNormalization({ groups: 2, ...options }),
  ]) {
    wrong(() => make({ epsilon: 0 }), /expected a number of at least 1e-12 for epsilon, received 0/);
    wrong(() => make({ scale: 1 as never }), /expected true or false for scale, received 1/);
    wrong(() => make({ center: 'no' as never }), /expected true or false for center/);
    wrong(() => make({ gamma: 0.9 } as never), /only the options .*epsilon, scale, center.*received "gamma"/);
  }
  for (const groups of [0, -1, 1.5, '2', undefined]) {
    wrong(() => layers.groupNormalization({ groups: groups as number }), /an integer of at least 1 for groups/);
  }
  const response = layers.localResponseNormalization;
  for (const size of [0, 2.5, Number.NaN]) wrong(() => response({ size }), /an integer of at least 1 for size/);
  wrong(() => response({ size: 2 ** 40 }), /expected at most 1048575 channels for size, received 1099511627776/);
  wrong(() => response({ alpha: -1 }), /at least 0 for alpha/);
  wrong(() => response({ beta: -0.5 }), /at least 0 for beta/);
  wrong(() => response({ k: 0 }), /for k, received 0/);
});

test('normalising layers refuse shapes they cannot normalise', (t) => {
  const wrong = (shape: number[], layer: Parameters<typeof sequential>[1][number], message: RegExp) =>
    t.throws(() => sequential({ inputShape: shape }, [layer]), { instanceOf: ShapeError, message });
  wrong([6, 2, 2], layers.groupNormalization({ groups: 4 }), /divide by the 4 groups, received \[6, 2, 2\]/);
  wrong([6], layers.groupNormalization({ groups: 6 }), /at least two values to normalise together.*\[6\]/);
  wrong([6, 1, 1], layers.instanceNormalization(), /at least two values to normalise together.*\[6, 1, 1\]/);
  wrong([6], layers.instanceNormalization(), /at least two values to normalise together/);
  wrong([1], layers.layerNormalization(), /at least two values to normalise together/);
  wrong([6], layers.localResponseNormalization(), /\[channels, height, width\], received \[6\]/);
});
