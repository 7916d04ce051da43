import test from 'ava';
import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose, ulpsBetween } from '../helpers/closeness.js';
import { sweepFloats } from '../helpers/float-sweep.js';
import { testEachIsa } from '../helpers/isas.js';
import { batchCrossEntropy, crossEntropy, softmax } from '../helpers/reference/loss.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { at, magnitudes, randomLabels, randomValues } from '../helpers/values.js';

const MOST_ULPS = 4;
const DOUBLE_TOLERANCE = 1e-12;
const FLOAT_TOLERANCE = 1e-5;
/** Of the larger of the loss and 1: what float32 keeps of a logarithm of a sum. */
const LOSS_TOLERANCE = 1e-6;
/** Of each value: the errors of some hundreds of additions, all of one sign, and of the exponential. */
const MANY_CLASSES_TOLERANCE = 1e-5;

const softmaxOf = (classes: number) => new TestNetwork([classes], [layers.activation({ activation: 'softmax' })]);

testEachIsa('softmax gives e^x within 4 units in the last place over all magnitudes', async (t, isa) => {
  // Beside a largest class of 0, the share of x is e^x / (1 + e^x); of all x below 0, down to where it vanishes.
  const small = Float32Array.from({ length: 20_000 }, (_, i) => -i / 190);
  const inputs = [...sweepFloats(new Philox(20), 30, 1), ...small].filter(
    (x) => x <= 0 && x !== Number.NEGATIVE_INFINITY,
  );
  const pairs = Float32Array.from(inputs.flatMap((x) => [x, 0]));
  const outputs = await softmaxOf(2).predict([], pairs, { isa, batchSize: 64 });
  let worst = { ulps: 0, x: 0, y: 0 };
  inputs.forEach((x, i) => {
    const ulps = ulpsBetween(at(outputs, 2 * i), 1 / (1 + Math.exp(-x)));
    if (ulps > worst.ulps) worst = { ulps, x, y: at(outputs, 2 * i) };
  });
  t.true(worst.ulps <= MOST_ULPS, `share of ${worst.x} is ${worst.y}, ${worst.ulps} units in the last place away`);
});

testEachIsa('softmax and its loss are right for all counts of classes', async (t, isa) => {
  const random = new Philox(21);
  for (const classes of [1, 2, 3, 7, 10, 16, 33, 100, 1000]) {
    const samples = 21;
    const network = softmaxOf(classes);
    const inputs = randomValues(random, samples * classes, 6);
    const batch = { inputs, labels: randomLabels(random, samples, classes) };
    const expected = Float64Array.from(
      Array.from({ length: samples }, (_, n) => [...softmax(inputs.subarray(n * classes, (n + 1) * classes))]).flat(),
    );
    const { loss, gradient, correct } = batchCrossEntropy(inputs, batch.labels);
    for (const settings of [DOUBLE, { isa }]) {
      const tolerance = settings === DOUBLE ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
      const outputs = await network.predict([], inputs, settings);
      isClose(t, `softmax of ${classes}`, outputs, expected, tolerance, magnitudes(expected));
      const actual = await network.gradients([], batch, settings);
      isClose(t, `loss of ${classes}`, [actual.loss], [loss], tolerance, Math.max(loss, 1));
      isClose(t, `gradient of ${classes}`, actual.input, gradient, tolerance, 1 / samples);
      t.deepEqual((await network.evaluate([], batch, settings)).correct, correct);
    }
  }
});

testEachIsa('the loss of n equal logits is log n', async (t, isa) => {
  for (const classes of [1, 2, 3, 5, 6, 10, 12, 24, 100, 1000, 4097]) {
    const inputs = new Float32Array(classes).fill(0.25);
    const { loss } = await softmaxOf(classes).evaluate([], { inputs, labels: Int32Array.of(0) }, { isa });
    const ulps = ulpsBetween(loss, Math.log(classes));
    t.true(ulps <= MOST_ULPS, `log(${classes}) is ${loss}, ${ulps} units in the last place away`);
  }
});

testEachIsa('sums over tens of thousands of classes keep their digits', async (t, isa) => {
  const classes = 60_000;
  for (const activation of ['softmax', 'logSoftmax'] as const) {
    const network = new TestNetwork([classes], [layers.activation({ activation })]);
    // Of one sign, so that nothing lost in a sum is made up for by something else.
    const inputs = Float32Array.from({ length: classes }, (_, i) => 1.37 + (i % 7) * 1e-3);
    const batch = { inputs, labels: Int32Array.of(5) };
    const exact = await network.gradients([], batch, DOUBLE);
    const actual = await network.gradients([], batch, { isa });
    isClose(t, `loss after ${activation}`, [actual.loss], [exact.loss], LOSS_TOLERANCE, exact.loss);
    isClose(t, `gradient of ${activation}`, actual.input, exact.input, MANY_CLASSES_TOLERANCE, magnitudes(exact.input));
    // A single sample is predicted by other kernels.
    for (const samples of [1, 2]) {
      const images = Float32Array.from({ length: samples * classes }, (_, i) => inputs[i % classes] as number);
      const expected = await network.predict([], images, DOUBLE);
      const outputs = await network.predict([], images, { isa });
      isClose(t, `${activation} of ${samples}`, outputs, expected, MANY_CLASSES_TOLERANCE, magnitudes(expected));
    }
  }
});

testEachIsa('the loss of a likely answer is log(1 + e^x)', async (t, isa) => {
  const network = softmaxOf(2);
  for (let i = 0; i < 400; i++) {
    const x = Math.fround(-i / 24);
    const { loss } = await network.evaluate([], { inputs: Float32Array.of(0, x), labels: Int32Array.of(0) }, { isa });
    const expected = Math.log1p(Math.exp(x));
    // The sum is rounded to a float32 between 1 and 2, after the exponential to a few units of its own.
    const rounding = 2 ** -24 * (1 + MOST_ULPS * Math.exp(x));
    isClose(t, `loss beside ${x}`, [loss], [expected], 1, MOST_ULPS * 2 ** -23 * expected + rounding);
  }
});

testEachIsa('the loss does not suffer from large logits', async (t, isa) => {
  const random = new Philox(22);
  const classes = 10;
  const network = softmaxOf(classes);
  for (const offset of [0, 100, -1000, 30_000, -1e6, 1e20]) {
    const logits = randomValues(random, classes, 2).map((z) => Math.fround(z + offset));
    for (let label = 0; label < classes; label++) {
      const { loss: expected } = crossEntropy(logits, label);
      const { loss } = await network.evaluate([], { inputs: logits, labels: Int32Array.of(label) }, { isa });
      isClose(t, `label ${label} of ${logits}`, [loss], [expected], LOSS_TOLERANCE, Math.max(1, expected));
    }
  }
});

testEachIsa('of equal largest logits the first is the answer', async (t, isa) => {
  const network = softmaxOf(4);
  const inputs = Float32Array.of(1, 3, 3, 3, 2, 2, 2, 2, -0, 0, 0, -0);
  const correct = async (labels: number[]) =>
    (await network.evaluate([], { inputs, labels: Int32Array.from(labels) }, { isa })).correct;
  t.deepEqual([await correct([1, 0, 0]), await correct([2, 1, 1]), await correct([3, 3, 3])], [3, 0, 0]);
});

testEachIsa('a logit that is not a number makes the loss and the gradient none', async (t, isa) => {
  for (const place of [0, 1, 4]) {
    const inputs = Float32Array.of(1, 2, 3, 4, 5);
    inputs[place] = Number.NaN;
    const batch = { inputs, labels: Int32Array.of(2) };
    const { loss, input } = await softmaxOf(5).gradients([], batch, { isa });
    t.true(Number.isNaN(loss), `NaN at ${place}`);
    t.true([...input].every(Number.isNaN), `NaN at ${place}`);
  }
});

test('a loss fused with its softmax and one of raw logits are the same', async (t) => {
  const random = new Philox(23);
  const logits = new TestNetwork([6], [layers.dense({ units: 5 })]);
  const fused = new TestNetwork([6], [layers.dense({ units: 5, activation: 'softmax' })]);
  const parameters = logits.randomParameters(random);
  const batch = { inputs: randomValues(random, 18 * 6), labels: randomLabels(random, 18, 5) };
  t.deepEqual(await fused.gradients(parameters, batch), await logits.gradients(parameters, batch));
  const [probabilities, raw] = [fused, logits].map((network) => network.predict(parameters, batch.inputs, DOUBLE));
  const first = (await probabilities)?.subarray(0, 5) ?? [];
  isClose(t, 'probabilities', first, softmax((await raw)?.subarray(0, 5) ?? []), DOUBLE_TOLERANCE);
});

/** Logarithms of the softmax of each sample. */
function logSoftmax(logits: Float32Array, classes: number): Float64Array {
  return Float64Array.from(logits, (z, i) => {
    const own = logits.subarray(i - (i % classes), i - (i % classes) + classes);
    const top = Math.max(...own);
    return z - top - Math.log(own.reduce((sum, other) => sum + Math.exp(other - top), 0));
  });
}

testEachIsa('logSoftmax and its gradient are right for all counts of classes, and of large logits', async (t, isa) => {
  const random = new Philox(24);
  for (const classes of [1, 2, 7, 16, 33, 1000]) {
    for (const scale of [6, 1e4]) {
      const samples = 19;
      const inputs = randomValues(random, samples * classes, scale);
      const expected = logSoftmax(inputs, classes);
      const dy = randomValues(random, samples * classes);
      const dx = Float64Array.from(dy, (d, i) => {
        const first = i - (i % classes);
        const sum = dy.subarray(first, first + classes).reduce((total, other) => total + other, 0);
        return d - Math.exp(at(expected, i)) * sum;
      });
      const tolerances = [
        { kernels: DOUBLE, tolerance: DOUBLE_TOLERANCE },
        { kernels: { isa }, tolerance: FLOAT_TOLERANCE },
      ];
      for (const { kernels, tolerance } of tolerances) {
        const program = new CallProgram({ ...kernels, samples });
        const [y, gradient] = [program.sample(classes), program.sample(classes)];
        program.call('logSoftmax', { y, x: program.input(inputs) }, { classes });
        program.call('logSoftmaxGradient', { dx: gradient, dy: program.input(dy), y }, { classes });
        const result = await program.run();
        const sizes = magnitudes(expected).map((size) => Math.max(size, 1));
        isClose(t, `logSoftmax of ${classes}`, result(y), expected, tolerance, sizes);
        // What rounding takes from y = -20000 is a part of exp(y), which is 0 then.
        isClose(t, `its gradient of ${classes}`, result(gradient), dx, 10 * tolerance, Math.sqrt(classes));
      }
    }
  }
});

testEachIsa('logSoftmax takes infinities as PyTorch does', async (t, isa) => {
  const network = new TestNetwork([3], [layers.logSoftmax()]);
  const inputs = Float32Array.of(0, -Infinity, -Infinity, 1, Infinity, 2, 1, Number.NaN, 2);
  const outputs = await network.predict([], inputs, { isa });
  const nan = Number.NaN;
  t.deepEqual([...outputs], [0, -Infinity, -Infinity, nan, nan, nan, nan, nan, nan]);
});

testEachIsa('the loss behind logSoftmax is that of its input', async (t, isa) => {
  const classes = 7;
  const inputs = randomValues(new Philox(25), 19 * classes, 6);
  const batch = { inputs, labels: randomLabels(new Philox(26), 19, classes) };
  const network = new TestNetwork([classes], [layers.logSoftmax()]);
  t.deepEqual(await network.gradients([], batch, { isa }), await softmaxOf(classes).gradients([], batch, { isa }));
});
