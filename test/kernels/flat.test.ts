import type { ExecutionContext } from 'ava';
import { layers } from 'cnnative';
import type { IsaName } from '#lib/native.js';
import { Philox } from '#lib/util/philox.js';
import { CallProgram } from '../helpers/call-program.js';
import { isClose } from '../helpers/closeness.js';
import { testEachVectorIsa } from '../helpers/isas.js';
import { dense } from '../helpers/reference/dense.js';
import { softmax } from '../helpers/reference/loss.js';
import { TestNetwork } from '../helpers/test-network.js';
import { at, magnitudes, randomValues } from '../helpers/values.js';

/** As a part of the sum of the absolute products. */
const TOLERANCE = 2e-6;

async function checkDense(t: ExecutionContext, isa: IsaName, random: Philox, inputs: number, units: number) {
  const samples = 3;
  const x = randomValues(random, samples * inputs);
  const w = randomValues(random, units * inputs);
  const bias = units % 3 === 0 ? undefined : randomValues(random, units);
  const relu = units % 2 === 0;
  const shape = { samples, inputs, units };
  const program = new CallProgram({ isa, samples, samplesPerGroup: 1 });
  const y = program.sample(units);
  const operands = { y, x: program.input(x), w: program.variable(w) };
  program.call('flatDense', bias ? { ...operands, bias: program.variable(bias) } : operands, {
    inputs,
    outputs: units,
    relu: relu ? 1 : 0,
  });
  const expected = dense(shape, x, w, bias).map((value) => (relu ? Math.max(0, value) : value));
  const size = dense(shape, magnitudes(x), magnitudes(w), bias && magnitudes(bias));
  isClose(t, `${inputs} to ${units}`, (await program.run(2))(y), expected, TOLERANCE, size);
}

testEachVectorIsa(
  'dense layers of single samples are accurate for all counts of features and units',
  async (t, isa) => {
    const random = new Philox(720);
    for (const inputs of [1, 2, 7, 8, 15, 16, 17, 31, 32, 33, 63, 100, 1025]) {
      for (const units of [1, 2, 3, 4, 5, 6, 7, 8, 9]) await checkDense(t, isa, random, inputs, units);
    }
    await checkDense(t, isa, random, 30, 131);
  },
);

const softmaxOf = (classes: number) => new TestNetwork([classes], [layers.activation({ activation: 'softmax' })]);

testEachVectorIsa('softmax of single samples is right for all counts of classes and all magnitudes', async (t, isa) => {
  const random = new Philox(721);
  for (const classes of [1, 2, 5, 8, 16, 17, 33, 100]) {
    for (const magnitude of [1e-3, 6, 80, 1e4, 3e38]) {
      const x = randomValues(random, 4 * classes, magnitude);
      const y = await softmaxOf(classes).predict([], x, { isa });
      for (let n = 0; n < 4; n++) {
        const expected = softmax(x.subarray(n * classes, (n + 1) * classes));
        isClose(t, `${classes} classes up to ${magnitude}`, y.subarray(n * classes, (n + 1) * classes), expected, 1e-6);
      }
    }
  }
});

testEachVectorIsa('softmax of single samples gives NaN for samples with NaN, and for no other', async (t, isa) => {
  for (const classes of [1, 5, 16, 33]) {
    for (let place = 0; place < classes; place++) {
      const x = randomValues(new Philox(722, place), 3 * classes);
      x[classes + place] = Number.NaN;
      const y = await softmaxOf(classes).predict([], x, { isa });
      const isNaNWhere = Array.from({ length: 3 * classes }, (_, i) => Math.floor(i / classes) === 1);
      t.deepEqual(Array.from(y, Number.isNaN), isNaNWhere, `NaN at ${place} of ${classes}`);
    }
  }
});

testEachVectorIsa('every sample of an image comes out in its own order', async (t, isa) => {
  const network = new TestNetwork([19, 3, 6], [layers.maxPooling2d({ poolSize: 1 })]);
  const x = Float32Array.from({ length: 8 * network.features }, (_, i) => i);
  for (const threads of [1, 3]) t.deepEqual(await network.predict([], x, { isa, threads }), x);
  // Fewer samples than the program has room for, in another order.
  const order = Int32Array.of(6, 0, 3);
  const some = await network.predict([], x, { isa, batchSize: 2, capacity: 8, order });
  t.deepEqual(
    [...some],
    [...order].flatMap((n) => [...x.subarray(n * network.features, (n + 1) * network.features)]),
  );
  t.is(at(some, 0), 6 * network.features);
});
