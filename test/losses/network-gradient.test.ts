import { type Layer, type Loss, layers, losses } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { parameterDifferences } from '../helpers/differences.js';
import { lazy, testEachIsa } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { at, largestMagnitude, randomLabels, randomValues } from '../helpers/values.js';

const SAMPLES = 21;

/** Networks whose loss is computed on the input of their last activation, and others. */
const cases: readonly { loss: Loss; last: readonly Layer[]; units: number; signs?: boolean }[] = [
  { loss: losses.meanSquaredError(), last: [], units: 5 },
  {
    loss: losses.halfSumOfSquares({ reduction: 'sum' }),
    last: [layers.activation({ activation: 'sigmoid' })],
    units: 5,
  },
  { loss: losses.meanSquaredError(), last: [layers.activation({ activation: 'softmax' })], units: 4 },
  { loss: losses.huber({ delta: 0.3 }), last: [], units: 3 },
  { loss: losses.hinge(), last: [layers.activation({ activation: 'tanh' })], units: 3, signs: true },
  { loss: losses.binaryCrossentropy(), last: [layers.activation({ activation: 'sigmoid' })], units: 3 },
  {
    loss: losses.binaryCrossentropy({ fromLogits: false }),
    last: [layers.activation({ activation: 'sigmoid' })],
    units: 1,
  },
  { loss: losses.categoricalCrossentropy(), last: [layers.activation({ activation: 'softmax' })], units: 6 },
  {
    loss: losses.categoricalCrossentropy({ fromLogits: false, labelSmoothing: 0.1 }),
    last: [layers.activation({ activation: 'sigmoid' })],
    units: 6,
  },
  {
    loss: losses.sparseCategoricalCrossentropy({ reduction: 'sum', classWeights: [1, 2, 0.5] }),
    last: [layers.activation({ activation: 'softmax' })],
    units: 3,
  },
  { loss: losses.klDivergence(), last: [layers.activation({ activation: 'softmax' })], units: 4 },
];

const truths = lazy(async () => {
  const all = [];
  for (const [i, { loss, last, units, signs }] of cases.entries()) {
    const random = new Philox(510, i);
    const network = new TestNetwork(
      [4],
      [layers.dense({ units: 6, activation: 'tanh' }), layers.dense({ units }), ...last],
    );
    const parameters = network.randomParameters(random);
    const batch = {
      inputs: randomValues(random, SAMPLES * 4),
      labels: randomLabels(random, SAMPLES, units),
      targets: Float32Array.from({ length: SAMPLES * units }, () =>
        signs ? 2 * random.nextInt(2) - 1 : random.nextFloat(),
      ),
      weights: Float32Array.from({ length: SAMPLES }, (_, n) => (n % 6 === 0 ? 0 : 2 * random.nextFloat())),
    };
    const settings = { ...DOUBLE, loss };
    const differences = await parameterDifferences(network, parameters, batch, random, 40, 'evaluate', settings);
    all.push({ network, parameters, batch, differences, loss });
  }
  return all;
});

testEachIsa('gradients of parameters are central differences of every loss, weighted', async (t, isa) => {
  for (const { network, parameters, batch, differences, loss } of await truths()) {
    for (const settings of [
      { isa, loss },
      { ...DOUBLE, loss },
    ]) {
      const { parameters: own } = await network.gradients(parameters, batch, settings);
      // What is differentiated is the mean over samples.
      const factor = loss.reduction === 'sum' ? SAMPLES : 1;
      for (const { name, elements, slopes, kinked } of differences) {
        const slot = network.network.parameters.findIndex((parameter) => parameter.name === name);
        const smooth = elements.map((_, j) => j).filter((j) => !kinked[j]);
        const actual = smooth.map((j) => at(own[slot] ?? [], at(elements, j)));
        const expected = smooth.map((j) => factor * at(slopes, j));
        t.true(largestMagnitude(expected) > 1e-4, `${name} of ${loss.name} has no slopes to speak of`);
        t.true(smooth.length >= 0.9 * elements.length, `${name} of ${loss.name} has kinks`);
        isClose(
          t,
          `gradient of ${name} for ${JSON.stringify(loss.config())}`,
          actual,
          expected,
          'isa' in settings ? 1e-3 : 1e-5,
        );
      }
    }
  }
});
