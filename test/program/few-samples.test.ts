import test, { type ExecutionContext } from 'ava';
import type { IsaName } from '#lib/native.js';
import { MOST_CHANNEL_LANE_SAMPLES } from '#lib/program/channel-lanes.js';
import { LANES } from '#lib/program/description.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { type FewSamplesCase, fewSamplesCases } from '../helpers/few-samples.js';
import { lazy, vectorIsas } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { randomValues } from '../helpers/values.js';

/** Of the largest output, after the roundings of several layers. */
const TOLERANCE = 4e-6;
const SAMPLES = 20;

/** A network with random weights, samples, and what the scalar kernels make of them in double. */
function makeTruth({ inputShape, layers, others = [] }: FewSamplesCase) {
  const random = new Philox(730);
  const network = new TestNetwork(inputShape, layers, ...others);
  const parameters = network.randomParameters(random);
  const inputs = randomValues(random, SAMPLES * network.features);
  return { network, parameters, inputs, expected: network.predict(parameters, inputs, DOUBLE) };
}

type Made = ReturnType<typeof makeTruth>;

async function checkResults(t: ExecutionContext, isa: IsaName, truth: Made, spec: FewSamplesCase) {
  const { network, parameters, inputs } = truth;
  const expected = await truth.expected;
  const most = await network.predict(parameters, inputs, { isa, batchSize: SAMPLES });
  isClose(t, 'many samples', most, expected, TOLERANCE);
  const single = await network.predict(parameters, inputs, { isa, batchSize: 1 });
  isClose(t, 'single samples', single, expected, TOLERANCE);
  for (let batchSize = 1; batchSize <= MOST_CHANNEL_LANE_SAMPLES; batchSize++) {
    const { samplesPerGroup } = network.description('predict', batchSize, { isa });
    t.is(samplesPerGroup, spec.samplesInLanes ? LANES : 1);
    t.deepEqual(await network.predict(parameters, inputs, { isa, batchSize }), single, `batches of ${batchSize}`);
  }
}

/** Of batches of one, of fewer samples than threads, and of some that threads take whole beside some that they share. */
async function checkThreads(t: ExecutionContext, isa: IsaName, { network, parameters, inputs }: Made) {
  const some = inputs.subarray(0, 5 * network.features);
  const predict = (batchSize: number, threads: number) =>
    network.predict(parameters, some, { isa, batchSize, threads });
  const alone = await predict(1, 1);
  for (const threads of [2, 3, 5]) {
    for (const batchSize of [1, 4]) {
      t.deepEqual(await predict(batchSize, threads), alone, `batches of ${batchSize}, ${threads} threads`);
    }
  }
}

if (vectorIsas.length === 0) test.skip('few samples give what many give (no vectors on this CPU)', () => undefined);
for (const [name, spec] of Object.entries(fewSamplesCases)) {
  const truth = lazy(() => makeTruth(spec));
  for (const isa of vectorIsas) {
    test(`${isa} ${name}: few samples give what many give`, (t) => checkResults(t, isa, truth(), spec));
    // One after another: runs that take turns would change the number of threads at each turn, which takes longer than they do.
    test.serial(`${isa} ${name}: threads change no bit of few samples`, (t) => checkThreads(t, isa, truth()));
  }
}
