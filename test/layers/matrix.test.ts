import test from 'ava';
import { layers } from 'cnnative';
import type { Kernels } from '#lib/gradcheck/objective.js';
import { layerFromConfig } from '#lib/layers/index.js';
import type { IsaName } from '#lib/native.js';
import { Philox } from '#lib/util/philox.js';
import { largestError } from '../helpers/closeness.js';
import { isas, lazy, testEachKernel } from '../helpers/isas.js';
import { matrixCase } from '../helpers/layer-matrix.js';
import { differsInTraining, findTruth, LayerAtWork, type LayerTruth } from '../helpers/layer-truth.js';
import { seedOr } from '../helpers/seed.js';
import { at, largestMagnitude, type Numbers } from '../helpers/values.js';

const LEAST_CASES = 2000;
/** Each is a case for every instruction set and one in double: more layers where a CPU has none but scalar kernels. */
const LAYERS = Math.max(672, Math.ceil(LEAST_CASES / (isas.length + 1)));

/** Of all elements tried, at most so many may be left out because their step crosses a kink. */
const MOST_KINKED = 0.01;
/** Tensors without slopes to speak of prove little: dropped ones, relus of negative values, padding alone. */
const MOST_FLAT = 0.05;
const SMALLEST_SLOPE = 1e-5;

interface Bounds {
  /** As a part of the largest value of the output. */
  readonly forward: number;
  /** As a part of the largest slope of the tensor. */
  readonly gradient: number;
  /** Slopes that cancel are what rounding leaves of others: an error is a part of no less than this part of the layer's largest. */
  readonly cancelled: number;
}

const FLOAT: Bounds = { forward: 1e-5, gradient: 1e-3, cancelled: 1e-2 };
const DOUBLE: Bounds = { forward: 1e-12, gradient: 1e-5, cancelled: 0 };

const seed = seedOr(4);
const cases = Array.from({ length: LAYERS }, (_, i) => matrixCase(new Philox(seed, i), i));

const truths = lazy(async () => {
  const all: LayerTruth[] = [];
  for (const [i, spec] of cases.entries()) all.push(await findTruth(spec, new Philox(seed, LAYERS + i)));
  return all;
});

test('the matrix has every layer, and cases enough', (t) => {
  t.deepEqual([...new Set(cases.map(({ kind }) => kind))].sort(), Object.keys(layers).sort());
  t.true(cases.length * (isas.length + 1) >= LEAST_CASES);
  t.log(`CNNATIVE_TEST_SEED=${seed}`);
});

testEachKernel(
  'layers with options drawn at random keep the bounds of values and gradients',
  async (t, { isa = 'scalar', element = 'float32' }) => {
    const bounds = element === 'float32' ? FLOAT : DOUBLE;
    const wrong: string[] = [];
    const worst = { forward: 0, gradient: 0 };
    for (const truth of await truths()) {
      const errors = await errorsOf(truth, { isa, element }, bounds.cancelled);
      for (const what of ['forward', 'gradient'] as const) {
        if (errors[what] > bounds[what]) wrong.push(`${what} is ${errors[what]} off in ${truth.spec.name}`);
        worst[what] = Math.max(worst[what], errors[what]);
      }
    }
    t.deepEqual(wrong, []);
    t.log(`${LAYERS} cases, largest errors: forward ${worst.forward}, gradient ${worst.gradient}`);
  },
);

test('few steps of the differences cross a kink, and few tensors are flat', async (t) => {
  const differences = (await truths()).flatMap((truth) => [...truth.differences.values()]);
  const elements = differences.flatMap(({ kinked }) => kinked);
  const kinked = elements.filter((isKinked) => isKinked).length;
  t.true(kinked < MOST_KINKED * elements.length, `${kinked} of ${elements.length} elements`);
  const flat = differences.filter(({ slopes }) => largestMagnitude(slopes) < SMALLEST_SLOPE).length;
  t.true(flat < MOST_FLAT * differences.length, `${flat} of ${differences.length} tensors`);
  t.log(`${kinked} of ${elements.length} elements kinked, ${flat} of ${differences.length} tensors flat`);
});

test('a layer made again from its config has the same config, beginnings and bits', async (t) => {
  const kernels = { isa: isas[0] as IsaName, element: 'float32' } as const;
  for (const { spec, work, point } of await truths()) {
    const config = spec.layer.config();
    const layer = layerFromConfig(spec.name, JSON.parse(JSON.stringify(config)), 'again');
    t.deepEqual(layer.config(), config, spec.name);
    const again = new LayerAtWork(layer, spec);
    t.deepEqual(again.beginnings(seed), work.beginnings(seed), spec.name);
    t.deepEqual(await again.predict(point, kernels), await work.predict(point, kernels), spec.name);
    t.deepEqual(await again.train(point, kernels), await work.train(point, kernels), spec.name);
  }
});

async function errorsOf(
  { spec, work, point, predicted, trained, smallest, differences }: LayerTruth,
  kernels: Kernels,
  cancelled: number,
) {
  const run = await work.train(point, kernels);
  const output = differsInTraining(spec) ? trained.output : predicted;
  const forward = Math.max(
    error(await work.predict(point, kernels), predicted, largestMagnitude(predicted)),
    error(run.output, output, largestMagnitude(output)),
  );
  const slopes = [...differences.values()].map((tensor) => largestMagnitude(tensor.slopes));
  const least = Math.max(cancelled * Math.max(...slopes), smallest);
  const gradients = [...differences].map(([tensor, { elements, slopes: truth, kinked }]) => {
    const smooth = elements.map((_, j) => j).filter((j) => !kinked[j]);
    const own = smooth.map((j) => at(run.gradients[tensor] as Numbers, at(elements, j)));
    return error(
      own,
      smooth.map((j) => at(truth, j)),
      Math.max(largestMagnitude(truth), least),
    );
  });
  return { forward, gradient: Math.max(...gradients) };
}

/** Of nothing but zeros, any error is too large. */
function error(actual: Numbers, expected: Numbers, scale: number): number {
  return largestError(actual, expected, scale || Number.MIN_VALUE);
}
