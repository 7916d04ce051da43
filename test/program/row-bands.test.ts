import test, { type ExecutionContext } from 'ava';
import { layers } from 'cnnative';
import { workloadRuntime } from '#lib/bench/workload-runtime.js';
import { workloads } from '#lib/bench/workloads/index.js';
import { MeanSquaredError } from '#lib/losses/mean-squared-error.js';
import type { IsaName } from '#lib/native.js';
import { callName } from '#lib/program/call-name.js';
import { LANES } from '#lib/program/description.js';
import { macsOf } from '#lib/program/profile.js';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { convCases, convLayer, inputShapeOf } from '../helpers/conv-cases.js';
import { lazy, testEachVectorIsa, testVectors, vectorIsas } from '../helpers/isas.js';
import { DOUBLE, TestNetwork } from '../helpers/test-network.js';
import { transposedCases, transposedLayer } from '../helpers/transposed-cases.js';
import { randomValues } from '../helpers/values.js';

/** Its gradients do not add up to zero, as those of a softmax do. */
const loss = new MeanSquaredError();
/** Of the largest value. */
const TOLERANCE = 1e-5;
const MOST_SAMPLES = 8;

/** A network, a small batch, and what scalar kernels make of whole images in double. */
function makeTruth(name: string, network: TestNetwork, samples: number, seed: number) {
  const random = new Philox(seed);
  const parameters = network.randomParameters(random);
  const inputs = randomValues(random, samples * network.features);
  const targets = randomValues(random, samples * network.classes);
  const batch = { inputs, labels: new Int32Array(samples), targets };
  const forward = network.predict(parameters, inputs, DOUBLE);
  const gradients = network.gradients(parameters, batch, { ...DOUBLE, loss });
  return { name, network, samples, parameters, batch, forward, gradients };
}

type Truth = ReturnType<typeof makeTruth>;

const samplesOf = (i: number) => 1 + (i % MOST_SAMPLES);

const convolutions = lazy(() =>
  convCases(160, 9, 4_000_000).map((spec, i) => {
    const activation = (['linear', 'relu', 'tanh'] as const)[i % 3] ?? 'linear';
    const network = new TestNetwork(inputShapeOf(spec), [convLayer(spec, { activation }), layers.flatten()]);
    return makeTruth(`${spec.name} ${activation}, now ${samplesOf(i)}`, network, samplesOf(i), 900 + i);
  }),
);

const transposed = lazy(() =>
  transposedCases(100, 10, 2_000_000).map((spec, i) => {
    const network = new TestNetwork([spec.channels, ...spec.image], [transposedLayer(spec), layers.flatten()]);
    return makeTruth(`${spec.name}, now ${samplesOf(i)}`, network, samplesOf(i), 1100 + i);
  }),
);

/** Sums ride along, forward and where gradients of several readers meet. */
const residual = lazy(() =>
  Array.from({ length: MOST_SAMPLES }, (_, i) => {
    const kernelSize = [1, 3, 5][i % 3] ?? 1;
    const convolved = (activation: 'linear' | 'relu') =>
      layers.conv2d({ filters: 17, kernelSize, padding: 'same', activation });
    const network = new TestNetwork([17, 9 + i, 10], (x) => {
      const before = convolved('relu').apply(x);
      const after = layers
        .activation({ activation: 'relu' })
        .apply(layers.add().apply([convolved('linear').apply(before), before]));
      return layers.flatten().apply(after);
    });
    return makeTruth(`residual ${kernelSize}`, network, i + 1, 1300 + i);
  }),
);

/** Counts of bands in the calls of a description. */
const bandsOf = ({ network, samples }: Truth, isa: IsaName) =>
  network
    .description('gradients', samples, { isa })
    .calls.flatMap(({ op, attributes: { bands = 1 } }) => (/Rows$/.test(op) ? [] : [Number(bands)]));

async function check(t: ExecutionContext, isa: IsaName, truth: Truth) {
  const { name, network, parameters, batch } = truth;
  const settings = { isa, loss };
  const { outputs } = await network.assess(parameters, batch, settings);
  isClose(t, `y of ${name}`, outputs, await truth.forward, TOLERANCE);
  const [expected, actual] = [await truth.gradients, await network.gradients(parameters, batch, settings)];
  isClose(t, `dx of ${name}`, actual.input, expected.input, TOLERANCE);
  expected.parameters.forEach((own, i) => {
    isClose(t, `parameter ${i} of ${name}`, actual.parameters[i] ?? [], own, TOLERANCE);
  });
  // A program for more samples works on whole images.
  const whole = { ...settings, capacity: LANES };
  t.deepEqual((await network.assess(parameters, batch, whole)).outputs, outputs, `bits of y of ${name}`);
  t.deepEqual((await network.gradients(parameters, batch, whole)).input, actual.input, `bits of dx of ${name}`);
}

for (const [kind, truths] of Object.entries({ convolutions, transposed, residual })) {
  testEachVectorIsa(`${kind} of few samples give in bands what they give whole`, async (t, isa) => {
    const met = new Set<number>();
    for (const truth of truths()) {
      for (const bands of bandsOf(truth, isa)) met.add(bands);
      await check(t, isa, truth);
    }
    for (const bands of kind === 'residual' ? [2, 4, 8] : [2, 4, 8, 16]) t.true(met.has(bands), [...met].join(', '));
  });
  testEachVectorIsa(`threads change no bit of ${kind} of few samples`, async (t, isa) => {
    for (const { name, network, parameters, batch } of truths().slice(0, 12)) {
      const [one, three] = [1, 3].map((threads) => network.gradients(parameters, batch, { isa, threads, loss }));
      t.deepEqual(await three, await one, name);
    }
  });
}

const shown = () => new TestNetwork([32, 22, 22], [layers.conv2d({ filters: 32, kernelSize: 7 }), layers.flatten()]);

testVectors('lanes are filled with as many bands as there is room for', (t) => {
  const [isa = 'scalar'] = vectorIsas;
  for (const [samples, most] of [
    [1, 16],
    [2, 8],
    [3, 4],
    [4, 4],
    [5, 2],
    [8, 2],
    [9, 1],
    [40, 1],
  ] as const) {
    const truth = { network: shown(), samples } as Truth;
    t.is(Math.max(...bandsOf(truth, isa)), most, `${samples} samples`);
  }
});

test('scalar kernels, and convolutions that are done before a copy is, work on whole images', (t) => {
  const bands = (network: TestNetwork, isa: IsaName) => Math.max(...bandsOf({ network, samples: 5 } as Truth, isa));
  t.is(bands(shown(), 'scalar'), 1);
  const depthwise = layers.conv2d({ filters: 32, groups: 32, kernelSize: 3 });
  for (const isa of vectorIsas) t.is(bands(new TestNetwork([32, 16, 16], [depthwise, layers.flatten()]), isa), 1);
});

testVectors('bands have names, and do the multiply-adds of the whole', (t) => {
  const [isa = 'scalar'] = vectorIsas;
  const { calls } = shown().description('gradients', 7, { isa });
  t.true(calls.map(callName).includes('direct 7x7 weight gradient in 2 bands'), calls.map(callName).join(', '));
  for (const [name, workload] of Object.entries(workloads)) {
    const runtime = workloadRuntime('test', workload);
    const macs = [4, 16].map((samples) =>
      runtime.newProgram('train', samples, isa).description.calls.reduce((sum, call) => sum + macsOf(call), 0),
    );
    t.is(macs[0], macs[1], name);
  }
});
