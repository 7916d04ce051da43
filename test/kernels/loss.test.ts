import test from 'ava';
import { type Loss, layers, losses } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { isClose } from '../helpers/closeness.js';
import { type Kernels, testEachKernel } from '../helpers/isas.js';
import { drawLossBatch, type LossCase, lossCases } from '../helpers/loss-cases.js';
import { slopesOf } from '../helpers/reference/losses.js';
import { type Batch, TestNetwork } from '../helpers/test-network.js';
import { at, magnitudes } from '../helpers/values.js';

/** Samples: one, a group in part, a whole one, and several. */
const SAMPLES = [1, 5, 16, 39];
/** Of slopes by central differences. */
const SLOPES = 1e-6;

/** Its outputs are its inputs. */
const identity = (elements: number) => new TestNetwork([elements], [layers.activation({ activation: 'linear' })]);

const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

/** A batch, and of each of its samples the loss and its slopes as the definition has them. */
function definedBatch(spec: LossCase, random: Philox, samples: number, elements: number) {
  const drawn = drawLossBatch(spec, random, samples, elements);
  const weights = Float32Array.from({ length: samples }, (_, n) => (n % 5 === 3 ? 0 : 0.25 + random.nextFloat()));
  const row = (values: Float32Array, n: number) => values.subarray(n * elements, (n + 1) * elements);
  const rows = Array.from({ length: samples }, (_, n) => [row(drawn.outputs, n), row(drawn.targets, n)] as const);
  const values = rows.map(([outputs, targets]) => spec.formula(outputs, targets));
  const slopes = rows.map(([outputs, targets]) => slopesOf(spec.formula, outputs, targets));
  return { ...drawn, samples, elements, weights, values, slopes };
}

/** The batches of a case, computed once for all kernels: slopes of many outputs take long. */
function definedBatches(spec: LossCase) {
  let batches: ReturnType<typeof definedBatch>[] | undefined;
  return () => {
    const random = new Philox(500);
    batches ??= spec.elements.flatMap((elements) => SAMPLES.map((n) => definedBatch(spec, random, n, elements)));
    return batches;
  };
}

for (const spec of lossCases) {
  const batches = definedBatches(spec);
  testEachKernel(`${spec.name} and its gradient are as defined`, async (t, kernels, rounding) => {
    for (const defined of batches()) {
      const { samples, elements } = defined;
      for (const weighted of [false, true]) {
        const batch: Batch = {
          inputs: defined.outputs,
          labels: defined.labels,
          ...(spec.targets !== 'labels' && { targets: defined.targets }),
          ...(weighted && { weights: defined.weights }),
        };
        const weightOf = (n: number) => (weighted ? at(defined.weights, n) : 1);
        const expected = Float64Array.from(defined.values, (value, n) => weightOf(n) * value);
        const what = `${elements} outputs, ${samples} samples, ${weighted ? 'weighted' : 'plain'}`;
        const tolerance = rounding * 40;
        const scale = expected.map((value) => Math.max(1, Math.abs(value)));
        for (const reduction of ['mean', 'sum'] as const) {
          const settings = { ...kernels, loss: spec.make({ reduction }) };
          const network = identity(elements);
          const { losses: own, outputs } = await network.assess([], batch, settings);
          isClose(t, `losses of ${what}`, own, expected, tolerance, scale);
          t.deepEqual(Array.from(outputs), Array.from(defined.outputs));
          const factor = reduction === 'mean' ? 1 / samples : 1;
          const slopes = Float64Array.from(
            defined.slopes.flatMap((slope, n) => Array.from(slope, (value) => value * factor * weightOf(n))),
          );
          const { loss, input } = await network.gradients([], batch, settings);
          isClose(t, `loss of ${what}`, [loss], [total(expected) / samples], tolerance, Math.max(...scale));
          // Differences of a large loss keep fewer digits.
          const steepest = magnitudes(slopes).map((slope, i) => {
            const noise = 0.01 * at(scale, Math.floor(i / elements));
            return Math.max(slope, factor / elements, factor * noise);
          });
          isClose(t, `gradient of ${what}, ${reduction}`, input, slopes, tolerance + SLOPES, steepest);
        }
      }
    }
  });
}

const lossAndSlope = async (kernels: Kernels, loss: Loss, output: number[], targets: number[]) => {
  const batch = { inputs: Float32Array.from(output), labels: new Int32Array(1), targets: Float32Array.from(targets) };
  const { loss: value, input } = await identity(output.length).gradients([], batch, { ...kernels, loss });
  return [value, ...input];
};

testEachKernel('binary cross-entropy on logits keeps its digits at both ends', async (t, kernels, rounding) => {
  const loss = losses.binaryCrossentropy();
  for (const z of [-80, -30, -12, -3, -1e-3, 0, 1e-3, 3, 12, 30, 80]) {
    for (const target of [0, 1]) {
      const signed = target === 1 ? -z : z;
      const x = Math.fround(z);
      const expected = Math.max(Math.fround(signed), 0) + Math.log1p(Math.exp(-Math.abs(x)));
      const [value = 0] = await lossAndSlope(kernels, loss, [x], [target]);
      isClose(t, `logit ${z} for ${target}`, [value], [expected], rounding * 20, expected);
    }
  }
});

testEachKernel('cross-entropy does not suffer from large logits', async (t, kernels, rounding) => {
  for (const offset of [0, 1000, -30_000, 1e6, 1e20]) {
    const logits = [1, 2, 0.5].map((z) => Math.fround(z + offset));
    const differences = logits.map((z) => z - Math.max(...logits));
    const log = Math.log(total(differences.map(Math.exp)));
    const expected = 0.25 * (log - at(differences, 0)) + 0.75 * (log - at(differences, 2));
    const [value = 0] = await lossAndSlope(kernels, losses.categoricalCrossentropy(), logits, [0.25, 0, 0.75]);
    isClose(t, `logits beside ${offset}`, [value], [expected], rounding * 20, 1);
  }
});

testEachKernel('classes without a share of the target cost nothing, however far their logits', async (t, kernels) => {
  const most = Math.fround(3e38);
  for (const loss of [losses.categoricalCrossentropy(), losses.klDivergence()]) {
    t.deepEqual(await lossAndSlope(kernels, loss, [most, -most, 0], [0, 0, 1]), [most, 1, 0, -1]);
  }
});

testEachKernel(
  'probabilities of 0 and 1 give finite losses, and no gradient where they are clipped',
  async (t, kernels) => {
    const most = -Math.log(1e-7);
    const close = (what: string, actual: number[], expected: number[]) =>
      isClose(
        t,
        what,
        actual,
        expected,
        1e-5,
        Float64Array.from(expected, (value) => Math.max(1, Math.abs(value))),
      );
    const categorical = losses.categoricalCrossentropy({ fromLogits: false });
    close('categorical', await lossAndSlope(kernels, categorical, [0, 1], [1, 0]), [most, 0, 0]);
    const divergence = losses.klDivergence({ fromLogits: false });
    close('divergence', await lossAndSlope(kernels, divergence, [0, 1], [1, 0]), [most, 0, 0]);
    const [value = 0, slope] = await lossAndSlope(kernels, losses.binaryCrossentropy({ fromLogits: false }), [0], [1]);
    close('binary', [value], [most]);
    t.is(slope, 0);
    const [other = 0] = await lossAndSlope(kernels, losses.binaryCrossentropy({ fromLogits: false }), [1], [0]);
    t.true(other > 15 && other < 17, `${other}`); // 1 - 1e-7 is rounded in float32
  },
);

testEachKernel('at its kink a loss has the gradient of its flat side', async (t, kernels) => {
  t.deepEqual(await lossAndSlope(kernels, losses.meanAbsoluteError(), [2], [2]), [0, 0]);
  t.deepEqual(await lossAndSlope(kernels, losses.hinge(), [1], [1]), [0, 0]);
  t.deepEqual(await lossAndSlope(kernels, losses.huber(), [3], [2]), [0.5, 1]);
});

testEachKernel('an output that is not a number makes loss and gradient none', async (t, kernels) => {
  for (const make of [
    losses.meanSquaredError,
    losses.meanAbsoluteError,
    losses.huber,
    losses.hinge,
    losses.binaryCrossentropy,
    losses.categoricalCrossentropy,
    () => losses.binaryCrossentropy({ fromLogits: false }),
    () => losses.categoricalCrossentropy({ fromLogits: false }),
    () => losses.klDivergence({ fromLogits: false }),
  ]) {
    const loss = make();
    const [value, slope] = await lossAndSlope(kernels, loss, [Number.NaN, 0.5], [1, 1]);
    t.true(Number.isNaN(value), loss.name);
    t.true(Number.isNaN(slope), `gradient of ${loss.name}`);
  }
});

test('the losses of samples do not depend on the batch they are in', async (t) => {
  const random = new Philox(501);
  for (const spec of lossCases) {
    const [elements = 1] = spec.elements;
    const { outputs, targets, labels } = drawLossBatch(spec, random, 37, elements);
    const batch = { inputs: outputs, targets, labels };
    const settings = { loss: spec.make({}) };
    const whole = await identity(elements).assess([], batch, settings);
    t.deepEqual(await identity(elements).assess([], batch, { ...settings, batchSize: 5 }), whole, spec.name);
    t.deepEqual(await identity(elements).assess([], batch, { ...settings, batchSize: 17, threads: 3 }), whole);
  }
});
