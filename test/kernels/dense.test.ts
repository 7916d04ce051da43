import test from 'ava';
import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { lazy, testEachIsa } from '../helpers/isas.js';
import { type DenseShape, dense, denseGradients } from '../helpers/reference/dense.js';
import { batchCrossEntropy } from '../helpers/reference/loss.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { magnitudes, pick, randomLabels, randomValues } from '../helpers/values.js';

// Both as a part of the sum of the absolute products.
const DOUBLE_TOLERANCE = 1e-12;
const FLOAT_TOLERANCE = 1e-5;

/**
 * Units 1 to 40, so that register tiles leave every rest, with inputs on both sides of multiples of 16, and of 128, which are a pass.
 * One thread works on pairs of lane groups, and on what they leave.
 */
function denseCases(): (DenseShape & { name: string; useBias: boolean })[] {
  const random = new Philox(5);
  const inputCounts = [1, 2, 7, 15, 16, 17, 31, 33, 48, 63, 100, 127, 128, 129, 300];
  return Array.from({ length: 40 }, (_, i) => {
    const inputs = inputCounts[i % inputCounts.length] as number;
    const samples = i === 20 ? 530 : pick(random, [1, 5, 16, 17, 33, 40]);
    return { samples, inputs, units: i + 1, useBias: i % 4 !== 3, name: `${inputs} to ${i + 1}, ${samples} samples` };
  });
}

const truths = lazy(() =>
  denseCases().map((spec, i) => {
    const random = new Philox(300 + i);
    const { samples, inputs, units, useBias } = spec;
    const network = new TestNetwork([inputs], [layers.dense({ units, useBias })]);
    const parameters = network.randomParameters(random);
    const [w = new Float32Array(), b] = parameters;
    const x = randomValues(random, samples * inputs);
    const batch = { inputs: x, labels: randomLabels(random, samples, units) };
    const y = dense(spec, x, w, b);
    const { loss, gradient: dy, correct } = batchCrossEntropy(y, batch.labels);
    const [absX, absW, absB, absDy] = [magnitudes(x), magnitudes(w), b && magnitudes(b), magnitudes(dy)];
    return {
      ...{ spec, network, parameters, batch, loss, correct },
      y: { value: y, products: dense(spec, absX, absW, absB) },
      gradients: denseGradients(spec, dy, x, w),
      products: denseGradients(spec, absDy, absX, absW),
    };
  }),
);

test('a dense layer in double equals its definition, forward', async (t) => {
  for (const { spec, network, parameters, batch, y } of truths()) {
    const actual = await network.predict(parameters, batch.inputs, DOUBLE);
    isClose(t, spec.name, actual, y.value, DOUBLE_TOLERANCE, y.products);
  }
});

test('a dense layer in double equals its definition, backward', async (t) => {
  for (const { spec, network, parameters, batch, loss, correct, gradients, products } of truths()) {
    const actual = await network.gradients(parameters, batch, DOUBLE);
    const [dw = [], db] = actual.parameters;
    // A single class leaves a loss of exactly zero, but for rounding.
    isClose(t, `loss of ${spec.name}`, [actual.loss], [loss], DOUBLE_TOLERANCE, Math.max(loss, 1));
    t.is((await network.evaluate(parameters, batch, DOUBLE)).correct, correct);
    isClose(t, `dx of ${spec.name}`, actual.input, gradients.dx, DOUBLE_TOLERANCE, products.dx);
    isClose(t, `dw of ${spec.name}`, dw, gradients.dw, DOUBLE_TOLERANCE, products.dw);
    if (db) isClose(t, `db of ${spec.name}`, db, gradients.db, DOUBLE_TOLERANCE, products.db);
  }
});

testEachIsa('a dense layer agrees with the scalar kernels in double, forward', async (t, isa) => {
  for (const { spec, network, parameters, batch, y } of truths()) {
    const expected = await network.predict(parameters, batch.inputs, DOUBLE);
    const actual = await network.predict(parameters, batch.inputs, { isa });
    isClose(t, spec.name, actual, expected, FLOAT_TOLERANCE, y.products);
  }
});

testEachIsa('a dense layer agrees with the scalar kernels in double, backward', async (t, isa) => {
  for (const { spec, network, parameters, batch, products, correct } of truths()) {
    if (spec.units === 1) continue; // its gradient is zero, and nothing but rounding is left of it
    const expected = await network.gradients(parameters, batch, DOUBLE);
    const actual = await network.gradients(parameters, batch, { isa });
    t.is((await network.evaluate(parameters, batch, { isa })).correct, correct, spec.name);
    isClose(t, `dx of ${spec.name}`, actual.input, expected.input, FLOAT_TOLERANCE, products.dx);
    for (const [i, sums] of [products.dw, products.db].entries()) {
      const [own, truth] = [actual.parameters[i], expected.parameters[i]];
      if (own && truth) isClose(t, `parameter ${i} of ${spec.name}`, own, truth, FLOAT_TOLERANCE, sums);
    }
  }
});

testEachIsa('results too small for a normal number count as zero, on every thread', async (t, isa) => {
  const network = new TestNetwork([1], [layers.dense({ units: 1, useBias: false })]);
  const inputs = new Float32Array(100).fill(2 ** -70);
  for (const [weight, expected] of [
    [2 ** -70, 0],
    [2 ** -56, 2 ** -126],
  ] as const) {
    const outputs = await network.predict([[weight]], inputs, { isa, threads: 2 });
    t.true(outputs.every((y) => y === expected));
  }
});

testEachIsa('a lane group has the same bits alone and in a pair', async (t, isa) => {
  for (const units of [1, 10, 37, 100]) {
    const random = new Philox(units);
    const [inputs, samples] = [200, 64];
    const network = new TestNetwork(
      [inputs],
      [layers.dense({ units, activation: 'relu' }), layers.dense({ units: 9 })],
    );
    const parameters = network.randomParameters(random);
    const batch = { inputs: randomValues(random, samples * inputs), labels: randomLabels(random, samples, 9) };
    // Four threads have a group each.
    const alone = await network.gradients(parameters, batch, { isa, threads: 4 });
    for (const threads of [1, 2, 3]) {
      const pairs = await network.gradients(parameters, batch, { isa, threads });
      t.deepEqual(pairs, alone, `${units} units, ${threads} threads`);
    }
  }
});
