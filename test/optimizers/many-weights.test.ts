import test from 'ava';
import { averages, layers, optimizers } from 'cnnative';
import type { IsaName } from '#lib/native.js';
import type { Optimizer } from '#lib/optimizers/index.js';
import { Philox } from '#lib/util/philox.js';
import { isas, testEachIsa } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { at, type Numbers, randomLabels, randomValues } from '../helpers/values.js';

/** Every rule, with all that is summed over many weights. */
const makers: Record<keyof typeof optimizers, () => Optimizer> = {
  sgd: () => optimizers.sgd({ momentum: 0.9, clipNorm: 0.01, globalClipNorm: 0.01 }),
  rmsprop: () => optimizers.rmsprop({ centered: true, momentum: 0.5, accumulate: 2 }),
  adagrad: () => optimizers.adagrad({ average: averages.ema({ decay: 0.9 }) }),
  adadelta: () => optimizers.adadelta({ average: averages.lookahead({ steps: 2 }) }),
  adam: () => optimizers.adam({ amsgrad: true, globalClipNorm: 0.01 }),
  adamw: () => optimizers.adamw(),
  nadam: () => optimizers.nadam({ clipValue: 1e-3 }),
  lion: () => optimizers.lion(),
  muon: () => optimizers.muon({ lastLayer: 'muon', globalClipNorm: 0.01 }),
};

/**
 * Of the differences of all weights together, as a part of their movement: a few of so many gradients are next to zero, where rounding decides
 * upon the sign of a step.
 */
const TOLERANCE = 0.02;

function differences(a: Numbers, b: Numbers): Float64Array {
  return Float64Array.from(a, (value, i) => value - at(b, i));
}

/** Euclidean norm. */
function size(values: Numbers): number {
  return Math.sqrt(Float64Array.from(values, (value) => value * value).reduce((sum, square) => sum + square, 0));
}

function prepare(optimizer: Optimizer) {
  const random = new Philox(70);
  // Weights of several pieces; a matrix that is wide and one that is tall.
  const network = new TestNetwork(
    [131],
    [layers.dense({ units: 270, activation: 'tanh' }), layers.dense({ units: 37 })],
  );
  const parameters = network.randomParameters(random);
  const batch = { inputs: randomValues(random, 18 * 131), labels: randomLabels(random, 18, 37) };
  const rates = [0.01, 0.02, 0.01, 0.02];
  const order = Int32Array.from({ length: 4 * 18 }, (_, i) => i % 18);
  return { network, parameters, batch, settings: { optimizer, rates, order, batchSize: 18 } };
}

for (const [name, make] of Object.entries(makers)) {
  testEachIsa(`${name} moves many weights as in double`, async (t, isa) => {
    const { network, parameters, batch, settings } = prepare(make());
    const truth = await network.train(parameters, batch, { ...settings, ...DOUBLE });
    const actual = await network.train(parameters, batch, { ...settings, isa });
    for (const [slot, expected] of truth.parameters.entries()) {
      const moved = size(differences(expected, parameters[slot] ?? []));
      const error = size(differences(actual.parameters[slot] ?? [], expected));
      t.true(moved > 0);
      t.true(error <= TOLERANCE * moved, `parameter ${slot}: ${error / moved}`);
    }
  });

  test(`${name} gives the same bits with one to four threads`, async (t) => {
    const { network, parameters, batch, settings: common } = prepare(make());
    const settings = { ...common, isa: isas.at(-1) as IsaName };
    const one = await network.train(parameters, batch, { ...settings, threads: 1 });
    t.notDeepEqual(one.parameters[0], parameters[0]);
    for (const threads of [2, 3, 4]) {
      const more = await network.train(parameters, batch, { ...settings, threads });
      t.deepEqual(more.parameters, one.parameters);
      t.deepEqual(more.state, one.state);
    }
  });
}

test('a gradient that is not a number is not clipped away', async (t) => {
  const random = new Philox(71);
  const network = new TestNetwork([5], [layers.dense({ units: 3 })]);
  const parameters = network.randomParameters(random).map((values) => values.fill(Number.NaN));
  const batch = { inputs: randomValues(random, 20 * 5), labels: randomLabels(random, 20, 3) };
  for (const isa of isas) {
    for (const clipping of [{ clipValue: 1 }, { clipNorm: 1 }, { globalClipNorm: 1 }]) {
      const optimizer = optimizers.sgd({ ...clipping, momentum: 0.9 });
      const { state } = await network.train(parameters, batch, { isa, optimizer, rates: [0.1] });
      t.true(Number.isNaN(state[0]?.[0]), `${isa} ${JSON.stringify(clipping)}`);
    }
  }
});
