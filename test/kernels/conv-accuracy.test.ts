import test, { type ExecutionContext } from 'ava';
import { largestError } from '../helpers/closeness.js';
import { callKernels, type KernelCase, makeTruth, type Path, type Truth } from '../helpers/conv-calls.js';
import { isas, type Kernels, lazy } from '../helpers/isas.js';
import { directCases, winogradCases } from '../helpers/kernel-cases.js';
import { ownProducts, productsOfPlane, type ScaleOf } from '../helpers/product-sums.js';
import { seed } from '../helpers/seed.js';

// Both as a part of the sum of the absolute products.
const TOLERANCES = { direct: 2e-6, winograd: 5e-6 } as const;
const DOUBLE_TOLERANCE = 1e-13;

const FIXED_SEED = 1;
const TENSORS = ['y', 'dx', 'dw'] as const;

/** A part that is always the same, so that no size is missed, and one drawn anew in every run. */
const truths = (make: (count: number, seed: number) => readonly KernelCase[], fixed: number, drawn: number) =>
  lazy(() => [
    ...make(fixed, FIXED_SEED).map((spec, i) => makeTruth(spec, i)),
    ...make(drawn, seed).map((spec, i) => makeTruth(spec, seed + i)),
  ]);

const direct = truths(directCases, 60, 30);
const winograd = truths((count, from) => [...winogradCases(count, from), ...fewTiles(from)], 36, 24);
const wide = lazy(() =>
  winogradCases(24, FIXED_SEED, [16, 17, 24, 32, 49, 64]).map((spec, i) => makeTruth({ ...spec, sparse: false }, i)),
);

/** Many channels on images of at most four tiles: their weight gradients are made for some channels after others. */
function fewTiles(from: number): KernelCase[] {
  return winogradCases(4, from, [26, 53]).map((spec) => ({
    ...spec,
    image: spec.kernelSize[0] === 3 ? [8, 6] : [4, 3],
    padding: 'same',
  }));
}

async function check(t: ExecutionContext, path: Path, cases: readonly Truth[], kernels: Kernels, scaleOf: ScaleOf) {
  const tolerance = kernels.element === 'float64' ? DOUBLE_TOLERANCE : TOLERANCES[path];
  const worst = { y: 0, dx: 0, dw: 0 };
  for (const truth of cases) {
    const { samples, channels, filters, groups } = truth.spec;
    const planes = { y: samples * filters, dx: samples * channels, dw: (filters * channels) / groups };
    const actual = await callKernels(truth, path, kernels);
    for (const name of TENSORS) {
      const error = largestError(actual[name], truth[name].value, scaleOf(truth[name], planes[name]));
      worst[name] = Math.max(worst[name], error);
      t.true(error <= tolerance, `${name} is ${error} off, seed ${seed}: ${JSON.stringify(truth.spec)}`);
    }
  }
  t.log(`seed ${seed}: ${TENSORS.map((name) => `${name} ${worst[name].toExponential(1)}`).join(', ')}`);
}

test('double direct kernels are exact to rounding', (t) =>
  check(t, 'direct', direct(), { element: 'float64' }, ownProducts));

for (const isa of isas) {
  test(`${isa} direct kernels are accurate in every direction`, (t) =>
    check(t, 'direct', direct(), { isa }, ownProducts));
  if (isa === 'scalar') continue;
  test(`${isa} Winograd kernels are accurate in every direction`, (t) =>
    check(t, 'winograd', winograd(), { isa }, productsOfPlane));
  test(`${isa} Winograd kernels are accurate in every element where networks use them`, (t) =>
    check(t, 'winograd', wide(), { isa }, ownProducts));
}
