import { readFileSync } from 'node:fs';
import test, { type ExecutionContext } from 'ava';
import { optimizers } from 'cnnative';
import { workloads } from '#lib/bench/workloads/index.js';
import { isEmulated, isWatched } from '../helpers/child.js';
import {
  GOLDEN_SHAPE,
  goldenBatch,
  goldenParameters,
  type Sums,
  sums,
  sumsByPart,
} from '../helpers/golden-networks.js';
import { lazy, testEachKernel } from '../helpers/isas.js';
import { TestNetwork } from '../helpers/test-network.js';
import { at } from '../helpers/values.js';

/** Written by tools/fixtures/pytorch_networks.py. */
interface Fixture extends Record<(typeof NAMES)[number], NetworkFixture> {
  readonly images: Sums;
  readonly labelSum: number;
}

interface NetworkFixture {
  readonly learningRate: number;
  readonly initialWeights: Record<string, Sums>;
  /** One for each trained parameter. */
  readonly firstGradients: Sums[];
  readonly losses: number[];
  readonly finalWeights: Record<string, Sums>;
}

const NAMES = ['resnet20', 'vggbn', 'separable'] as const;
const STEPS = 20;
/** Kernels without vectors take a second for some of these steps: as many as show that updates and momentum are right. */
const FEW_STEPS = { resnet20: 4, vggbn: 2, separable: 4 } as const;

const LOSS_TOLERANCE = 1e-3;
const FIRST_LOSS_TOLERANCE = 1e-6;
const WEIGHTS_TOLERANCE = 1e-3;
/** Rounding moves values across the kinks of relu and max pooling, and each that crosses gives a whole value to the sums. */
const GRADIENT_TOLERANCE = 1e-2;
/** The fixture's digits. */
const DOUBLE_TOLERANCE = 1e-7;

const fixture = JSON.parse(
  readFileSync(new URL('../../test/fixtures/networks-pytorch.json', import.meta.url), 'utf8'),
) as Fixture;

const golden = Object.fromEntries(
  NAMES.map((name) => {
    return [
      name,
      lazy(() => {
        const network = new TestNetwork(GOLDEN_SHAPE, workloads[name].build);
        return { network, parameters: goldenParameters(network.network.parameters) };
      }),
    ];
  }),
) as Record<(typeof NAMES)[number], () => { network: TestNetwork; parameters: Float32Array[] }>;
const batch = lazy(goldenBatch);

/** The largest difference of sums as a part of the sum of absolute values: sums themselves may cancel out. */
function differenceOf(actual: Sums, [absolute, weighted]: Sums): number {
  return Math.max(Math.abs(actual[0] - absolute), Math.abs(actual[1] - weighted) / 3) / absolute;
}

function sameParts(t: ExecutionContext, actual: Record<string, Sums>, expected: Record<string, Sums>, most: number) {
  t.deepEqual(Object.keys(actual), Object.keys(expected));
  for (const [part, own] of Object.entries(actual)) {
    const difference = differenceOf(own, expected[part] as Sums);
    t.true(difference <= most, `${part}: ${difference}`);
  }
}

test('the fixture of networks was made from the same weights and samples', (t) => {
  t.true(differenceOf(sums([batch().inputs as Float32Array]), fixture.images) <= 1e-8);
  t.is(sums([batch().labels])[0], fixture.labelSum);
  for (const name of NAMES) {
    const { network, parameters } = golden[name]();
    sameParts(t, sumsByPart(network.network.parameters, parameters), fixture[name].initialWeights, 1e-8);
    t.is(fixture[name].losses.length, STEPS);
  }
});

for (const name of NAMES) {
  testEachKernel(`training ${name} loses what PyTorch loses`, async (t, kernels) => {
    const { network, parameters } = golden[name]();
    const { inputs, labels } = batch();
    const inDouble = kernels.element === 'float64';
    const steps = inDouble || kernels.isa === 'scalar' || isWatched || isEmulated ? FEW_STEPS[name] : STEPS;
    const order = Int32Array.from({ length: steps * labels.length }, (_, i) => i % labels.length);
    const rates = new Array<number>(steps).fill(fixture[name].learningRate);
    const optimizer = optimizers.sgd({ momentum: 0.9 });
    const settings = { ...kernels, threads: 2, batchSize: labels.length, order, optimizer, rates };
    const { losses, parameters: trained } = await network.train(parameters, { inputs, labels }, settings);
    const differences = losses.map((loss, i) => Math.abs(loss / at(fixture[name].losses, i) - 1));
    t.is(losses.length, steps);
    t.true(at(differences, 0) <= (inDouble ? DOUBLE_TOLERANCE : FIRST_LOSS_TOLERANCE), `the first of ${differences}`);
    t.true(Math.max(...differences) <= (inDouble ? DOUBLE_TOLERANCE : LOSS_TOLERANCE), `${differences}`);
    if (steps === STEPS) {
      const parts = sumsByPart(network.network.parameters, trained);
      sameParts(t, parts, fixture[name].finalWeights, WEIGHTS_TOLERANCE);
    }
    t.log(`loss: ${Math.max(...differences).toExponential(1)} in ${steps} steps`);
  });

  testEachKernel(`the first step of ${name} has the gradients of PyTorch`, async (t, kernels) => {
    const { network, parameters } = golden[name]();
    const gradients = await network.gradients(parameters, batch(), { ...kernels, threads: 2 });
    const trained = network.network.parameters.filter(({ trainable }) => trainable);
    t.is(trained.length, fixture[name].firstGradients.length);
    const most = kernels.element === 'float64' ? DOUBLE_TOLERANCE : GRADIENT_TOLERANCE;
    const differences = trained.map(({ slot, name: parameter }, i) => {
      const own = sums([gradients.parameters[slot] ?? []]);
      const difference = differenceOf(own, fixture[name].firstGradients[i] as Sums);
      t.true(difference <= most, `${parameter}: ${difference}`);
      return difference;
    });
    t.log(`gradients: ${Math.max(...differences).toExponential(1)}`);
  });
}
