import test from 'ava';
import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import {
  bandCases,
  type ConvCase,
  convCases,
  convLayer,
  inputShapeOf,
  shapeOf,
  threeTapCases,
} from '../helpers/conv-cases.js';
import { lazy, testEachIsa } from '../helpers/isas.js';
import { convolution, convolutionGradients } from '../helpers/reference/convolution.js';
import { batchCrossEntropy } from '../helpers/reference/loss.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { magnitudes, randomLabels, randomValues } from '../helpers/values.js';

// Both as a part of the sum of the absolute products.
const DOUBLE_TOLERANCE = 1e-12;
const FLOAT_TOLERANCE = 1e-5;
/** The softmax behind thousands of logits rounds too, and a weight that meets a single pixel shows it all. */
const FLOAT_GRADIENT_TOLERANCE = 2e-5;

/** A convolution whose outputs are the logits, what it shall give by definition, and the sums of absolute products. */
function makeTruth(spec: ConvCase, seed: number) {
  const random = new Philox(seed);
  const network = new TestNetwork(inputShapeOf(spec), [convLayer(spec), layers.flatten()]);
  const parameters = network.randomParameters(random);
  const [w = new Float32Array(), b] = parameters;
  const x = randomValues(random, spec.samples * network.features);
  const batch = { inputs: x, labels: randomLabels(random, spec.samples, network.classes) };
  const shape = shapeOf(spec);
  const y = convolution(shape, x, w, b);
  const { gradient: dy, loss, correct } = batchCrossEntropy(y, batch.labels);
  const [absX, absW, absB, absDy] = [magnitudes(x), magnitudes(w), b && magnitudes(b), magnitudes(dy)];
  const products = convolutionGradients(shape, absDy, absX, absW);
  return {
    ...{ spec, network, parameters, batch, loss, correct },
    y: { value: y, products: convolution(shape, absX, absW, absB) },
    gradients: convolutionGradients(shape, dy, x, w),
    products,
  };
}

const truths = lazy(() =>
  [...convCases(80, 1), ...threeTapCases(), ...bandCases()].map((spec, i) => makeTruth(spec, 100 + i)),
);

test('a convolution in double equals its definition, forward', async (t) => {
  for (const { spec, network, parameters, batch, y } of truths()) {
    const actual = await network.predict(parameters, batch.inputs, DOUBLE);
    isClose(t, spec.name, actual, y.value, DOUBLE_TOLERANCE, y.products);
  }
});

test('a convolution in double equals its definition, backward', async (t) => {
  for (const { spec, network, parameters, batch, loss, gradients, products } of truths()) {
    const actual = await network.gradients(parameters, batch, DOUBLE);
    const [dw = [], db] = actual.parameters;
    isClose(t, `loss of ${spec.name}`, [actual.loss], [loss], DOUBLE_TOLERANCE);
    isClose(t, `dx of ${spec.name}`, actual.input, gradients.dx, DOUBLE_TOLERANCE, products.dx);
    isClose(t, `dw of ${spec.name}`, dw, gradients.dw, DOUBLE_TOLERANCE, products.dw);
    if (db) isClose(t, `db of ${spec.name}`, db, gradients.db, DOUBLE_TOLERANCE, products.db);
  }
});

testEachIsa('a convolution agrees with the scalar kernels in double, forward', async (t, isa) => {
  for (const { spec, network, parameters, batch, y } of truths()) {
    const expected = await network.predict(parameters, batch.inputs, DOUBLE);
    const actual = await network.predict(parameters, batch.inputs, { isa });
    isClose(t, spec.name, actual, expected, FLOAT_TOLERANCE, y.products);
  }
});

testEachIsa('a convolution agrees with the scalar kernels in double, backward', async (t, isa) => {
  for (const { spec, network, parameters, batch, products } of truths()) {
    const expected = await network.gradients(parameters, batch, DOUBLE);
    const actual = await network.gradients(parameters, batch, { isa });
    isClose(t, `dx of ${spec.name}`, actual.input, expected.input, FLOAT_GRADIENT_TOLERANCE, products.dx);
    for (const [i, sums] of [products.dw, products.db].entries()) {
      const [own, truth] = [actual.parameters[i], expected.parameters[i]];
      if (own && truth) isClose(t, `parameter ${i} of ${spec.name}`, own, truth, FLOAT_GRADIENT_TOLERANCE, sums);
    }
  }
});
