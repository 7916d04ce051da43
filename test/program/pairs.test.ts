// Calls that want lane groups in pairs, among calls that do not: which groups are paired follows from blocks and threads, no result does.
import { layers } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { testEachIsa } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomLabels, randomValues } from '../helpers/values.js';

/** Of odd and even numbers of lane groups; then with blocks of two and of three groups. */
const SAMPLES = [16, 33, 5 * 16, 6 * 16, 7 * 16 + 3, 530, 1100];

testEachIsa('pairs of lane groups give the same bits on any number of threads', async (t, isa) => {
  const network = new TestNetwork(
    [2, 5, 5],
    [
      layers.conv2d({ filters: 3, kernelSize: 3, activation: 'relu' }),
      layers.flatten(),
      layers.dense({ units: 11, activation: 'tanh' }),
      layers.dropout({ rate: 0.3 }),
      layers.dense({ units: 7, activation: 'relu' }),
      layers.dense({ units: 4 }),
    ],
  );
  const random = new Philox(11);
  const parameters = network.randomParameters(random);
  for (const samples of SAMPLES) {
    const inputs = randomValues(random, samples * network.features);
    const batch = { inputs, labels: randomLabels(random, samples, network.classes) };
    const one = await network.gradients(parameters, batch, { isa, threads: 1 });
    const truth = await network.gradients(parameters, batch, DOUBLE);
    for (const [i, gradient] of truth.parameters.entries())
      isClose(t, `${samples}`, one.parameters[i] ?? [], gradient, 1e-4);
    isClose(t, `${samples}`, one.input, truth.input, 1e-4);
    const outputs = await network.predict(parameters, inputs, { isa, threads: 1 });
    for (const threads of [2, 3, 4, 5]) {
      t.deepEqual(await network.gradients(parameters, batch, { isa, threads }), one, `${samples}, ${threads} threads`);
      t.deepEqual(
        await network.predict(parameters, inputs, { isa, threads }),
        outputs,
        `${samples}, ${threads} threads`,
      );
    }
  }
});
