import test from 'ava';
import { layers, optimizers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { dense, denseGradients } from '../helpers/reference/dense.js';
import { batchCrossEntropy } from '../helpers/reference/loss.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { at, type Numbers, randomLabels, randomValues } from '../helpers/values.js';

const DOUBLE_TOLERANCE = 1e-12;
/** Roundings of a few hundred float32 operations, as a part of the largest weight. */
const FLOAT_TOLERANCE = 1e-5;
/** One update: a product and a sum for each of velocity and weight. */
const STEP_TOLERANCE = 4 * 2 ** -24;

const SHAPES = [
  { inputs: 7, units: 3 },
  { inputs: 1, units: 2 },
  { inputs: 33, units: 5 },
  // More weights than one piece of an elementwise update has.
  { inputs: 1037, units: 17 },
];
const RATES = [0.5, 0.25, 0.125, 0.0625, 0.5, 1, 0];

/** The same training in plain doubles. */
function trainByDefinition(
  shape: { inputs: number; units: number },
  start: readonly Numbers[],
  x: Numbers,
  labels: Int32Array,
  momentum: number,
) {
  const parameters = start.map((values) => Float64Array.from(values));
  const velocities = parameters.map((values) => new Float64Array(values.length));
  const losses: number[] = [];
  for (const rate of RATES) {
    const [w = new Float64Array(), b = new Float64Array()] = parameters;
    const all = { ...shape, samples: labels.length };
    const { loss, gradient } = batchCrossEntropy(dense(all, x, w, b), labels);
    losses.push(loss);
    const { dw, db } = denseGradients(all, gradient, x, w);
    [dw, db].forEach((gradients, slot) => {
      const [values, velocity] = [parameters[slot], velocities[slot]] as [Float64Array, Float64Array];
      gradients.forEach((g, i) => {
        velocity[i] = momentum * at(velocity, i) + g;
        values[i] = at(values, i) - rate * at(velocity, i);
      });
    });
  }
  return { parameters, velocities, losses };
}

for (const momentum of [0, 0.9]) {
  const name = momentum === 0 ? 'sgd' : 'sgd with momentum';
  testEachIsa(`${name} follows its rule over many steps`, async (t, isa) => {
    const random = new Philox(40);
    const optimizer = optimizers.sgd({ momentum });
    for (const shape of SHAPES) {
      const samples = 18;
      const network = new TestNetwork([shape.inputs], [layers.dense({ units: shape.units })]);
      const start = network.randomParameters(random);
      const inputs = randomValues(random, samples * shape.inputs);
      const labels = randomLabels(random, samples, shape.units);
      const expected = trainByDefinition(shape, start, inputs, labels, momentum);
      const steps = { optimizer, rates: RATES, order: repeated(samples, RATES.length), batchSize: samples };
      for (const settings of [DOUBLE, { isa }]) {
        const tolerance = settings === DOUBLE ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
        const actual = await network.train(start, { inputs, labels }, { ...settings, ...steps });
        isClose(t, 'losses', actual.losses, expected.losses, tolerance);
        expected.parameters.forEach((values, slot) => {
          isClose(t, `parameter ${slot} of ${shape.inputs}`, actual.parameters[slot] ?? [], values, tolerance);
          if (momentum === 0) return;
          isClose(t, `velocity ${slot}`, actual.state[slot] ?? [], expected.velocities[slot] ?? [], tolerance);
        });
        t.is(actual.state.length, momentum === 0 ? 0 : 2);
      }
    }
  });
}

testEachIsa('one step with momentum is exact to rounding', async (t, isa) => {
  const random = new Philox(41);
  for (const { inputs: features, units } of SHAPES) {
    const network = new TestNetwork([features], [layers.dense({ units })]);
    const parameters = network.randomParameters(random);
    const state = network.randomParameters(random);
    const batch = { inputs: randomValues(random, 5 * features), labels: randomLabels(random, 5, units) };
    const { parameters: gradients } = await network.gradients(parameters, batch, { isa });
    const [rate, momentum] = [0.3, 0.7];
    const optimizer = optimizers.sgd({ momentum });
    const actual = await network.train(parameters, batch, { isa, optimizer, rates: [rate], state });
    for (const [slot, weights] of parameters.entries()) {
      const [g, v] = [gradients[slot] ?? [], state[slot] ?? []];
      const velocity = Float64Array.from(weights, (_, i) => momentum * at(v, i) + at(g, i));
      const moved = Float64Array.from(weights, (w, i) => w - rate * at(velocity, i));
      const sizes = Float64Array.from(
        weights,
        (w, i) => Math.abs(w) + momentum * Math.abs(at(v, i)) + Math.abs(at(g, i)),
      );
      isClose(t, 'velocity', actual.state[slot] ?? [], velocity, STEP_TOLERANCE, sizes);
      isClose(t, 'weights', actual.parameters[slot] ?? [], moved, STEP_TOLERANCE, sizes);
    }
  }
});

test('a rate of zero leaves every weight as it is', async (t) => {
  const random = new Philox(42);
  const network = new TestNetwork([5], [layers.dense({ units: 3 })]);
  const parameters = network.randomParameters(random);
  const batch = { inputs: randomValues(random, 20 * 5), labels: randomLabels(random, 20, 3) };
  for (const momentum of [0, 0.9]) {
    const trained = await network.train(parameters, batch, { optimizer: optimizers.sgd({ momentum }), rates: [0] });
    t.deepEqual(trained.parameters, parameters);
  }
});

/** The numbers below n, over and over. */
function repeated(n: number, times: number): Int32Array {
  return Int32Array.from({ length: n * times }, (_, i) => i % n);
}
