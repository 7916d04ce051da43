import test, { type ExecutionContext } from 'ava';
import { layers } from 'cnnative';
import type { IsaName } from '#lib/native.js';
import { Philox } from '#lib/util/philox.js';
import { isClose, ulpsBetween } from '../helpers/closeness.js';
import { sweepFloats } from '../helpers/float-sweep.js';
import { testEachIsa } from '../helpers/isas.js';
import { ACTIVATION_TRUTHS, type ActivationTruth, nameOf } from '../helpers/reference/activations.js';
import { batchCrossEntropy } from '../helpers/reference/loss.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { at, magnitudes, randomLabels, randomValues } from '../helpers/values.js';

const DOUBLE_TOLERANCE = 5e-14;
const FLOAT_TOLERANCE = 1e-5;

// No multiple of any vector's width.
const FEATURES = 61;

const make = ({ activation }: ActivationTruth) => new TestNetwork([FEATURES], [layers.activation({ activation })]);

/** Denormal inputs may count as zero, and pass as they are where a zero would. */
function truths({ value }: ActivationTruth, x: number): number[] {
  return Math.abs(x) < 2 ** -126 ? [value(x), value(0), value(0) === 0 ? x : value(0)] : [value(x)];
}

function ulpsAway(truth: ActivationTruth, x: number, y: number): number {
  const expected = truths(truth, x);
  if (y === 0 && expected.some((value) => Math.abs(value) < truth.smallest)) return 0;
  return Math.min(...expected.map((value) => ulpsBetween(y, value)));
}

async function checkSweep(t: ExecutionContext, isa: IsaName, truth: ActivationTruth) {
  const network = make(truth);
  const near = randomValues(new Philox(10), FEATURES * 500, 12);
  const far = randomValues(new Philox(15), FEATURES * 200, 110);
  for (const inputs of [sweepFloats(new Philox(11), 60, FEATURES), near, far]) {
    const outputs = await network.predict([], inputs, { isa, batchSize: 40 });
    let worst = { ulps: 0, x: 0, y: 0 };
    inputs.forEach((x, i) => {
      const y = at(outputs, i);
      const ulps = ulpsAway(truth, x, y);
      if (ulps > worst.ulps) worst = { ulps, x, y };
    });
    t.true(worst.ulps <= truth.ulps, `f(${worst.x}) is ${worst.y}, ${worst.ulps} units in the last place away`);
  }
}

for (const truth of ACTIVATION_TRUTHS) {
  const name = nameOf(truth.activation);
  testEachIsa(`${name} is within ${truth.ulps} units in the last place over all magnitudes`, (t, isa) =>
    checkSweep(t, isa, truth),
  );
}

test('activations in double are exact to a few units of a double', async (t) => {
  const inputs = Float64Array.from(randomValues(new Philox(12), FEATURES * 100, 20));
  for (const truth of ACTIVATION_TRUTHS) {
    const expected = inputs.map(truth.value);
    const actual = await make(truth).predict([], inputs, { ...DOUBLE, batchSize: 40 });
    // A tail e^u is as exact as its exponent, which reaches x^2 / 2 or more.
    const scale = magnitudes(expected).map((value, i) => value + Math.abs(at(inputs, i)) * 0.01);
    isClose(t, nameOf(truth.activation), actual, expected, DOUBLE_TOLERANCE, scale);
  }
});

testEachIsa('gradients of activations are dy times the derivative, at kinks that of PyTorch', async (t, isa) => {
  const random = new Philox(13);
  const samples = 19;
  const inputs = randomValues(random, samples * FEATURES, 7);
  const special = [0, -0, 3, -3, 6, -6, 1e-30, -1e-30, 5.999, 2.999, -2.999, 20, -20, 40, -50, 90, -90, 200, -1000];
  special.forEach((x, i) => {
    inputs[7 * i] = x;
  });
  const batch = { inputs, labels: randomLabels(random, samples, 2) };
  // So small that the largest values leave the loss some slope.
  const kernel = randomValues(random, 2 * FEATURES, 1e-3);
  for (const truth of ACTIVATION_TRUTHS) {
    const name = nameOf(truth.activation);
    const { activation, value, derivative } = truth;
    const network = new TestNetwork(
      [FEATURES],
      [layers.activation({ activation }), layers.dense({ units: 2, useBias: false })],
    );
    const logits = Float64Array.from({ length: 2 * samples }, (_, i) => {
      const sample = inputs.subarray(Math.floor(i / 2) * FEATURES, (Math.floor(i / 2) + 1) * FEATURES);
      return sample.reduce((sum, x, c) => sum + at(kernel, (i % 2) * FEATURES + c) * value(x), 0);
    });
    const { gradient } = batchCrossEntropy(logits, batch.labels);
    const dy = Float64Array.from(inputs, (_, i) => {
      const [n, c] = [Math.floor(i / FEATURES), i % FEATURES];
      return at(gradient, 2 * n) * at(kernel, c) + at(gradient, 2 * n + 1) * at(kernel, FEATURES + c);
    });
    // Where the two terms cancel, their rounding stays.
    const scale = Float64Array.from(inputs, (_, i) => {
      const [n, c] = [Math.floor(i / FEATURES), i % FEATURES];
      return Math.abs(at(gradient, 2 * n)) * (Math.abs(at(kernel, c)) + Math.abs(at(kernel, FEATURES + c)));
    });
    const expected = dy.map((d, i) => d * derivative(at(inputs, i)));
    const { input: actual } = await network.gradients([kernel], batch, { isa });
    const { input: inDouble } = await network.gradients([kernel], batch, DOUBLE);
    isClose(t, `${name} in double`, inDouble, expected, DOUBLE_TOLERANCE);
    isClose(t, name, actual, expected, FLOAT_TOLERANCE, scale);
  }
});

testEachIsa('NaN passes through activations, and their gradients are finite at the largest numbers', async (t, isa) => {
  for (const { activation, derivative } of ACTIVATION_TRUTHS) {
    const name = nameOf(activation);
    const network = new TestNetwork([3], [layers.activation({ activation }), layers.dense({ units: 2 })]);
    const parameters = network.randomParameters(new Philox(14));
    const labels = Int32Array.of(0);
    const nan = await network.gradients(parameters, { inputs: Float32Array.of(1, Number.NaN, -1), labels }, { isa });
    t.deepEqual([nan.loss, nan.input[0], nan.input[1]], [Number.NaN, Number.NaN, Number.NaN], name);
    const large = Float32Array.of(-3e38, 1e-3, -1e30);
    const { input } = await network.gradients(parameters, { inputs: large, labels }, { isa });
    t.true(input.every(Number.isFinite), `${name} ${input}`);
    // Where the function is flat, so is its gradient.
    if (derivative(-1e5) === 0) t.deepEqual([Math.abs(at(input, 0)), Math.abs(at(input, 2))], [0, 0], name);
  }
});
