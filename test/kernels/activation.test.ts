import test, { type ExecutionContext } from 'ava';
import { layers } from 'cnnative';
import type { IsaName } from '#lib/native.js';
import { Philox } from '#lib/util/philox.js';
import { isClose, ulpsBetween } from '../helpers/closeness.js';
import { sweepFloats } from '../helpers/float-sweep.js';
import { testEachIsa } from '../helpers/isas.js';
import { batchCrossEntropy } from '../helpers/reference/loss.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { at, magnitudes, randomLabels, randomValues } from '../helpers/values.js';

const MOST_ULPS = 4;
const DOUBLE_TOLERANCE = 1e-14;
const FLOAT_TOLERANCE = 1e-5;

// No multiple of any vector's width.
const FEATURES = 61;

const FUNCTIONS = {
  relu: (x: number) => Math.max(x, 0),
  sigmoid: (x: number) => 1 / (1 + Math.exp(-x)),
  tanh: Math.tanh,
} as const;
type FunctionName = keyof typeof FUNCTIONS;

/** Derivatives by the function's value. */
const DERIVATIVES: Record<FunctionName, (y: number) => number> = {
  relu: (y) => (y > 0 ? 1 : 0),
  sigmoid: (y) => y * (1 - y),
  tanh: (y) => 1 - y * y,
};

/** Denormal inputs may count as zero, and pass as they are where a zero would. */
function truths(name: FunctionName, x: number): number[] {
  const f = FUNCTIONS[name];
  return Math.abs(x) < 2 ** -126 ? [f(x), f(0), f(0) === 0 ? x : f(0)] : [f(x)];
}

async function checkSweep(t: ExecutionContext, isa: IsaName, name: FunctionName, mostUlps: number) {
  const network = new TestNetwork([FEATURES], [layers.activation({ activation: name })]);
  const near = randomValues(new Philox(10), FEATURES * 500, 12);
  for (const inputs of [sweepFloats(new Philox(11), 60, FEATURES), near]) {
    const outputs = await network.predict([], inputs, { isa, batchSize: 40 });
    let worst = { ulps: 0, x: 0, y: 0 };
    inputs.forEach((x, i) => {
      const y = at(outputs, i);
      const ulps = Math.min(...truths(name, x).map((truth) => ulpsBetween(y, truth)));
      if (ulps > worst.ulps) worst = { ulps, x, y };
    });
    t.true(worst.ulps <= mostUlps, `${name}(${worst.x}) is ${worst.y}, ${worst.ulps} units in the last place away`);
  }
}

testEachIsa('relu is exact over all magnitudes', (t, isa) => checkSweep(t, isa, 'relu', 0));

testEachIsa('sigmoid is within 4 units in the last place over all magnitudes', (t, isa) =>
  checkSweep(t, isa, 'sigmoid', MOST_ULPS),
);

testEachIsa('tanh is within 4 units in the last place over all magnitudes', (t, isa) =>
  checkSweep(t, isa, 'tanh', MOST_ULPS),
);

test('activations in double are exact to a few units of a double', async (t) => {
  const inputs = Float64Array.from(randomValues(new Philox(12), FEATURES * 100, 20));
  for (const name of ['relu', 'sigmoid', 'tanh'] as const) {
    const network = new TestNetwork([FEATURES], [layers.activation({ activation: name })]);
    const expected = inputs.map(FUNCTIONS[name]);
    const actual = await network.predict([], inputs, { ...DOUBLE, batchSize: 40 });
    isClose(t, name, actual, expected, DOUBLE_TOLERANCE, magnitudes(expected));
  }
});

testEachIsa('gradients of activations follow from their values', async (t, isa) => {
  const random = new Philox(13);
  const samples = 19;
  const inputs = randomValues(random, samples * FEATURES, 4);
  const batch = { inputs, labels: randomLabels(random, samples, FEATURES) };
  for (const name of ['relu', 'sigmoid', 'tanh'] as const) {
    const network = new TestNetwork([FEATURES], [layers.activation({ activation: name })]);
    const y = Float64Array.from(inputs, FUNCTIONS[name]);
    const { gradient } = batchCrossEntropy(y, batch.labels);
    const expected = gradient.map((dy, i) => dy * DERIVATIVES[name](at(y, i)));
    const { input: actual } = await network.gradients([], batch, { isa });
    const { input: inDouble } = await network.gradients([], batch, DOUBLE);
    isClose(t, `${name} in double`, inDouble, expected, DOUBLE_TOLERANCE);
    isClose(t, name, actual, expected, FLOAT_TOLERANCE, magnitudes(gradient));
  }
});

testEachIsa('NaN passes through relu and its gradient', async (t, isa) => {
  const network = new TestNetwork([3], [layers.activation({ activation: 'relu' }), layers.dense({ units: 2 })]);
  const parameters = network.randomParameters(new Philox(14));
  const batch = { inputs: Float32Array.of(1, Number.NaN, -1), labels: Int32Array.of(0) };
  const { loss, input } = await network.gradients(parameters, batch, { isa });
  t.deepEqual([loss, input[0], input[1]], [Number.NaN, Number.NaN, Number.NaN]);
});
