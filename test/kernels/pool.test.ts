import test, { type ExecutionContext } from 'ava';
import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { lazy, testEachIsa } from '../helpers/isas.js';
import { type PoolCase, poolCases, poolingShapeOf, poolLayer } from '../helpers/pool-cases.js';
import { dense, denseGradients } from '../helpers/reference/dense.js';
import { batchCrossEntropy } from '../helpers/reference/loss.js';
import { maxPooling, maxPoolingGradient } from '../helpers/reference/max-pooling.js';
import { axesOf } from '../helpers/reference/sliding.js';
import { DOUBLE, type Settings, TestNetwork } from '../helpers/test-network.js';
import { magnitudes, randomLabels, randomValues } from '../helpers/values.js';

const DOUBLE_TOLERANCE = 1e-12;
const FLOAT_TOLERANCE = 1e-5; // of the sum of absolute products

/**
 * Max pooling between two dense layers, and its outputs by definition. The one before makes the gradient of pooling's
 * input a value in the arena, in memory other values have used; the one after gives it gradients of all sizes.
 */
function makeTruth(spec: PoolCase, seed: number) {
  const random = new Philox(seed);
  const inputShape = [spec.channels, ...spec.image];
  const pooling = new TestNetwork(inputShape, [poolLayer(spec)]);
  const network = new TestNetwork(inputShape, [poolLayer(spec), layers.flatten(), layers.dense({ units: 5 })]);
  const parameters = network.randomParameters(random);
  const [w = new Float32Array(), b] = parameters;
  const x = randomValues(random, spec.samples * network.features);
  const labels = randomLabels(random, spec.samples, network.classes);
  const { y, winners } = maxPooling(poolingShapeOf(spec), x);
  const shape = { samples: spec.samples, inputs: y.length / spec.samples, units: 5 };
  const { gradient } = batchCrossEntropy(dense(shape, y, w, b), labels);
  const dy = denseGradients(shape, gradient, y, w).dx;
  const products = denseGradients(shape, magnitudes(gradient), magnitudes(y), magnitudes(w)).dx;
  return {
    ...{ spec, pooling, network, parameters, batch: { inputs: x, labels }, y },
    dx: maxPoolingGradient(dy, winners, x.length),
    products: maxPoolingGradient(products, winners, x.length),
  };
}

const truths = lazy(() => poolCases(60, 2).map((spec, i) => makeTruth(spec, 200 + i)));

async function checkForward(t: ExecutionContext, settings: Settings) {
  for (const { spec, pooling, batch, y } of truths()) {
    t.deepEqual(Float64Array.from(await pooling.predict([], batch.inputs, settings)), y, spec.name);
  }
}

test('max pooling in double equals its definition, forward', (t) => checkForward(t, DOUBLE));

test('max pooling in double equals its definition, backward', async (t) => {
  for (const { spec, network, parameters, batch, dx, products } of truths()) {
    const actual = await network.gradients(parameters, batch, DOUBLE);
    isClose(t, spec.name, actual.input, dx, DOUBLE_TOLERANCE, products);
  }
});

testEachIsa('max pooling picks the very elements its definition does', (t, isa) => checkForward(t, { isa }));

testEachIsa('max pooling passes gradients as its definition does', async (t, isa) => {
  for (const { spec, network, parameters, batch, dx, products } of truths()) {
    const actual = await network.gradients(parameters, batch, { isa });
    isClose(t, spec.name, actual.input, dx, FLOAT_TOLERANCE, products);
  }
});

testEachIsa('max pooling gives the gradient of equal values to the first of them', async (t, isa) => {
  const network = new TestNetwork(
    [1, 4, 4],
    [layers.maxPooling2d({ poolSize: 3, strides: 1 }), layers.flatten(), layers.dense({ units: 3 })],
  );
  const random = new Philox(3);
  const parameters = network.randomParameters(random);
  const samples = 17;
  // Few different values, so that most windows hold their largest more than once; some of them zeros of both signs.
  const inputs = Float32Array.from({ length: samples * 16 }, () => [-1, -0, 0, 0.5][random.nextInt(4)] as number);
  const labels = randomLabels(random, samples, 3);
  const [rows, columns] = axesOf([4, 4], [3, 3], [1, 1], 'valid');
  const { y, winners } = maxPooling({ planes: samples, rows, columns }, inputs);
  const shape = { samples, inputs: 4, units: 3 };
  const [w = new Float32Array(), b] = parameters;
  const { gradient } = batchCrossEntropy(dense(shape, y, w, b), labels);
  const expected = maxPoolingGradient(denseGradients(shape, gradient, y, w).dx, winners, inputs.length);
  for (const settings of [{ isa }, DOUBLE]) {
    const actual = await network.gradients(parameters, { inputs, labels }, settings);
    isClose(t, 'dx', actual.input, expected, FLOAT_TOLERANCE);
  }
});

testEachIsa('max pooling leaves no old memory in what no window covers', async (t, isa) => {
  // Strides beyond the window, with padding only at the end: rows and columns between windows belong to none.
  const pooling = layers.maxPooling2d({ poolSize: 2, strides: 3, padding: 'same' });
  const convolution = layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same' });
  const network = new TestNetwork([2, 4, 4], [convolution, pooling, layers.flatten(), layers.dense({ units: 6 })]);
  const random = new Philox(4);
  const parameters = network.randomParameters(random);
  const inputs = randomValues(random, 20 * network.features);
  const batch = { inputs, labels: randomLabels(random, 20, network.classes) };
  const expected = await network.gradients(parameters, batch, DOUBLE);
  const actual = await network.gradients(parameters, batch, { isa });
  isClose(t, 'dx', actual.input, expected.input, FLOAT_TOLERANCE);
  for (const [i, { name }] of network.network.parameters.entries()) {
    isClose(t, name, actual.parameters[i] ?? [], expected.parameters[i] ?? [], FLOAT_TOLERANCE);
  }
});

testEachIsa('max pooling passes NaN and infinities on', async (t, isa) => {
  const network = new TestNetwork([1, 2, 2], [layers.maxPooling2d()]);
  const { NaN: nan, POSITIVE_INFINITY: up, NEGATIVE_INFINITY: down } = Number;
  const windows = [
    { window: [nan, 1, 2, 3], largest: nan },
    { window: [3, nan, 2, 1], largest: nan },
    { window: [up, 1, 2, nan], largest: nan },
    { window: [down, down, down, down], largest: down },
    { window: [down, up, 3, 4], largest: up },
    { window: [down, -3.4e38, down, down], largest: Math.fround(-3.4e38) },
  ];
  const inputs = Float32Array.from(windows.flatMap(({ window }) => window));
  const expected = Float32Array.from(windows, ({ largest }) => largest);
  t.deepEqual(await network.predict([], inputs, { isa }), expected);
});

testEachIsa('max pooling with windows far beyond the image takes no longer than the image', async (t, isa) => {
  const pooling = layers.maxPooling2d({ poolSize: 2 ** 19, strides: 1, padding: 'same' });
  const network = new TestNetwork([1, 5, 4], [pooling, layers.flatten()]);
  const inputs = randomValues(new Philox(5), 3 * network.features);
  const expected = [0, 1, 2].flatMap((n) => new Array(20).fill(Math.max(...inputs.subarray(20 * n, 20 * n + 20))));
  t.deepEqual(await network.predict([], inputs, { isa }), Float32Array.from(expected));
  t.deepEqual(await network.predict([], inputs, DOUBLE), Float64Array.from(expected));
  const { input } = await network.gradients([], { inputs, labels: Int32Array.of(0, 1, 2) }, { isa });
  t.is(input.length, 60);
});
