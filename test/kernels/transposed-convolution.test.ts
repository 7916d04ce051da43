import test from 'ava';
import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { lazy, testEachIsa } from '../helpers/isas.js';
import { batchCrossEntropy } from '../helpers/reference/loss.js';
import { transposedConvolution, transposedGradients } from '../helpers/reference/transposed-convolution.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { type TransposedCase, transposedCases, transposedLayer, transposedShape } from '../helpers/transposed-cases.js';
import { magnitudes, randomLabels, randomValues } from '../helpers/values.js';

// All as a part of the sum of the absolute products.
const DOUBLE_TOLERANCE = 1e-12;
const FLOAT_TOLERANCE = 1e-5;
/** The softmax behind thousands of logits rounds too. */
const FLOAT_GRADIENT_TOLERANCE = 2e-5;
const MOST_PRODUCTS = 500_000;

/** A transposed convolution whose outputs are the logits, what it shall give by definition, and the sums of absolute products. */
function makeTruth(spec: TransposedCase, seed: number) {
  const random = new Philox(seed);
  const network = new TestNetwork([spec.channels, ...spec.image], [transposedLayer(spec), layers.flatten()]);
  const parameters = network.randomParameters(random);
  const [w = new Float32Array(), b] = parameters;
  const x = randomValues(random, spec.samples * network.features);
  const batch = { inputs: x, labels: randomLabels(random, spec.samples, network.classes) };
  const shape = transposedShape(spec);
  const y = transposedConvolution(shape, x, w, b);
  const { gradient: dy } = batchCrossEntropy(y, batch.labels);
  const [absX, absW, absB] = [magnitudes(x), magnitudes(w), b && magnitudes(b)];
  return {
    ...{ spec, network, parameters, batch },
    y: { value: y, products: transposedConvolution(shape, absX, absW, absB) },
    gradients: transposedGradients(shape, dy, x, w),
    products: transposedGradients(shape, magnitudes(dy), absX, absW),
  };
}

const truths = lazy(() => transposedCases(108, 3, MOST_PRODUCTS).map((spec, i) => makeTruth(spec, 300 + i)));

test('a transposed convolution in double equals its definition, in all directions', async (t) => {
  for (const { spec, network, parameters, batch, y, gradients, products } of truths()) {
    const forward = await network.predict(parameters, batch.inputs, DOUBLE);
    isClose(t, spec.name, forward, y.value, DOUBLE_TOLERANCE, y.products);
    const actual = await network.gradients(parameters, batch, DOUBLE);
    const [dw = [], db] = actual.parameters;
    isClose(t, `dx of ${spec.name}`, actual.input, gradients.dx, DOUBLE_TOLERANCE, products.dx);
    isClose(t, `dw of ${spec.name}`, dw, gradients.dw, DOUBLE_TOLERANCE, products.dw);
    if (db) isClose(t, `db of ${spec.name}`, db, gradients.db, DOUBLE_TOLERANCE, products.db);
  }
});

testEachIsa('a transposed convolution equals its definition, in all directions', async (t, isa) => {
  for (const { spec, network, parameters, batch, y, gradients, products } of truths()) {
    const forward = await network.predict(parameters, batch.inputs, { isa });
    isClose(t, spec.name, forward, y.value, FLOAT_TOLERANCE, y.products);
    const actual = await network.gradients(parameters, batch, { isa });
    const [dw = [], db] = actual.parameters;
    isClose(t, `dx of ${spec.name}`, actual.input, gradients.dx, FLOAT_GRADIENT_TOLERANCE, products.dx);
    isClose(t, `dw of ${spec.name}`, dw, gradients.dw, FLOAT_GRADIENT_TOLERANCE, products.dw);
    if (db) isClose(t, `db of ${spec.name}`, db, gradients.db, FLOAT_GRADIENT_TOLERANCE, products.db);
  }
});

testEachIsa('threads change no bit of a transposed convolution', async (t, isa) => {
  for (const { spec, network, parameters, batch } of truths().filter((_, i) => i % 4 === 0)) {
    const alone = await network.gradients(parameters, batch, { isa });
    t.deepEqual(await network.gradients(parameters, batch, { isa, threads: 3 }), alone, spec.name);
  }
});
