import test, { type ExecutionContext } from 'ava';
import { type ActivationName, type Loss, type LossName, type LossOptions, layers, losses } from 'cnnative';
import { isClose } from '../helpers/closeness.js';
import { type Kernels, testEachKernel } from '../helpers/isas.js';
import { decode, drawArray, readFixture } from '../helpers/pytorch-fixture.js';
import { TestNetwork } from '../helpers/test-network.js';

/** Written by tools/fixtures/pytorch_losses.py. */
interface PytorchLoss {
  readonly loss: LossName;
  readonly options: LossOptions;
  /** Between the inputs and the outputs that are compared. */
  readonly activation: ActivationName;
  readonly stream: number;
  readonly inputShape: readonly number[];
  readonly scale: number;
  readonly shift: number;
  readonly labels?: readonly number[];
  readonly targets?: string;
  readonly weights?: string;
  /** Of the samples, weighted. */
  readonly losses: string;
  /** Of their mean or sum, as the options say. */
  readonly dx: string;
}

/** Of the largest magnitude of a tensor. */
const FLOAT_TOLERANCE = 1e-4;
/** The fixture's digits. */
const DOUBLE_TOLERANCE = 1e-6;

const cases = readFixture<PytorchLoss>('losses-pytorch.json');

async function checkCase(t: ExecutionContext, spec: PytorchLoss, kernels: Kernels) {
  const { loss: name, options, activation, stream, inputShape, labels, targets, weights } = spec;
  const [samples = 0, ...shape] = inputShape;
  const make = losses[name] as (options: LossOptions) => Loss;
  const network = new TestNetwork(shape, [layers.activation({ activation })]);
  const batch = {
    inputs: drawArray(stream, inputShape, spec.scale, spec.shift).data,
    labels: Int32Array.from(labels ?? new Int32Array(samples)),
    ...(targets !== undefined && { targets: decode(targets) }),
    ...(weights !== undefined && { weights: decode(weights) }),
  };
  const close = (what: string, actual: ArrayLike<number>, expected: ArrayLike<number>) => {
    const of = `${name} ${JSON.stringify(options)} of ${activation}, ${inputShape.join('x')}`;
    const tolerance = kernels.element === 'float64' ? DOUBLE_TOLERANCE : FLOAT_TOLERANCE;
    isClose(t, `${what} of ${of}`, actual, expected, tolerance);
  };
  const ofSamples = decode(spec.losses);
  // Runs give sums over samples whatever the reduction; TestNetwork divides by their number.
  const mean = ofSamples.reduce((sum, value) => sum + value, 0) / samples;
  const settings = { ...kernels, loss: make(options) };
  const gradients = await network.gradients([], batch, settings);
  close('gradient', gradients.input, decode(spec.dx));
  close('loss in training', [gradients.loss], [mean]);
  close('loss', [(await network.evaluate([], batch, settings)).loss], [mean]);
  const assessed = await network.assess([], batch, { ...kernels, loss: make({ ...options, reduction: 'none' }) });
  close('losses of samples', assessed.losses, ofSamples);
}

test('the fixture holds every loss, reduced to means and sums, with weights and without', (t) => {
  t.deepEqual([...new Set(cases.map(({ loss }) => loss))].sort(), Object.keys(losses).sort() as LossName[]);
  for (const name of Object.keys(losses)) {
    const own = cases.filter(({ loss }) => loss === name);
    t.deepEqual([...new Set(own.map(({ options }) => options.reduction))].sort(), ['mean', 'sum'], name);
    t.is(new Set(own.map(({ weights }) => weights === undefined)).size, 2, name);
  }
});

for (const name of Object.keys(losses)) {
  testEachKernel(`${name} is PyTorch's, with its gradient`, async (t, kernels) => {
    for (const spec of cases) if (spec.loss === name) await checkCase(t, spec, kernels);
  });
}
