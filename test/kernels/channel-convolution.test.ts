import type { ExecutionContext } from 'ava';
import type { IsaName } from '#lib/native.js';
import { CallProgram } from '../helpers/call-program.js';
import { blockFeatures, fromBlocks, toBlocks } from '../helpers/channel-blocks.js';
import { channelCases, depthwiseCases, MANY_FILTERS, WINOGRAD_PARTS, winogradCases } from '../helpers/channel-cases.js';
import { largestError } from '../helpers/closeness.js';
import { attributesOf, type KernelCase, makeTruth, type Truth } from '../helpers/conv-calls.js';
import { lazy, testEachVectorIsa } from '../helpers/isas.js';
import { ownProducts, productsOfPlane } from '../helpers/product-sums.js';
import { positions } from '../helpers/reference/sliding.js';
import { seed } from '../helpers/seed.js';

/** As a part of the sum of the absolute products. */
const TOLERANCES = { direct: 2e-6, winograd: 5e-6 };
type Path = keyof typeof TOLERANCES;
/** The calls of each path. Which one a network takes is the compiler's choice. */
const OPERATORS = {
  direct: { pack: 'channelWeights', convolve: 'channelConvolution' },
  winograd: { pack: 'channelWinogradWeights', convolve: 'channelWinogradConvolution' },
} as const;
const WINOGRAD_POINTS = 36;
const FIXED_SEED = 2;

/** Cases that are always the same, and some drawn anew in every run. */
const truths = (make: (count: number, seed: number) => readonly KernelCase[], fixed: number, drawn: number) =>
  lazy(() => [
    ...make(fixed, FIXED_SEED).map((spec, i) => makeTruth(spec, i)),
    ...make(drawn, seed).map((spec, i) => makeTruth(spec, seed + i)),
  ]);

const whole = truths(channelCases, 96, 24);
const depthwise = truths(depthwiseCases, 48, 12);
const wide = lazy(() => MANY_FILTERS.map((spec, i) => makeTruth(spec, i)));
const tiled = truths(winogradCases, 64, 24);
const tiledParts = lazy(() => WINOGRAD_PARTS.map((spec, i) => makeTruth(spec, i)));

/** Weights packed, and the convolution of a batch by the calls of lanes of channels. */
async function convolve({ spec, shape, x, w, bias, addend }: Truth, path: Path, isa: IsaName, threads: number) {
  const { samples, channels, filters, groups, image } = spec;
  const attributes = attributesOf(spec, shape);
  const input = { samples, channels, pixels: image[0] * image[1] };
  const output = { samples, channels: filters, pixels: positions(shape.rows) * positions(shape.columns) };
  const padded = blockFeatures({ samples, channels: filters, pixels: 1 });
  const program = new CallProgram({ isa, samples, samplesPerGroup: 1 });
  const taps = path === 'winograd' ? WINOGRAD_POINTS : spec.kernelSize[0] * spec.kernelSize[1];
  const packed = program.variable((padded * taps * channels) / groups);
  const packedBias = bias && program.variable(padded);
  const weights = { packed, w: program.variable(w) };
  program.call(
    OPERATORS[path].pack,
    bias && packedBias ? { ...weights, bias: program.variable(bias), packedBias } : weights,
    { ...attributes, inputs: channels / groups, outputs: filters / groups },
    'prepare',
  );
  const added = addend && program.input(toBlocks(output, addend));
  const operands = { x: program.input(toBlocks(input, x)), w: packed };
  const y = (spec.over && added) || program.sample(blockFeatures(output));
  program.call(
    OPERATORS[path].convolve,
    { ...operands, y, ...(packedBias && { bias: packedBias }), ...(added && { addend: added }) },
    { ...attributes, relu: spec.relu ? 1 : 0 },
  );
  return fromBlocks(output, (await program.run(threads))(y));
}

async function check(t: ExecutionContext, path: Path, isa: IsaName, cases: readonly Truth[], scaleOf = ownProducts) {
  let worst = 0;
  for (const truth of cases) {
    // More threads than samples share the parts of a sample; fewer take whole ones.
    const [alone, shared] = [await convolve(truth, path, isa, 1), await convolve(truth, path, isa, 3)];
    t.deepEqual(shared, alone, `threads change bits: ${JSON.stringify(truth.spec)}`);
    const { samples, filters } = truth.spec;
    const error = largestError(alone, truth.y.value, scaleOf(truth.y, samples * filters));
    worst = Math.max(worst, error);
    t.true(error <= TOLERANCES[path], `${error} off, seed ${seed}: ${JSON.stringify(truth.spec)}`);
  }
  t.log(`seed ${seed}: ${worst.toExponential(1)}`);
}

testEachVectorIsa('convolutions with lanes of channels are accurate in every element', (t, isa) =>
  check(t, 'direct', isa, whole()),
);

testEachVectorIsa('depthwise convolutions with lanes of channels are accurate in every element', (t, isa) =>
  check(t, 'direct', isa, depthwise()),
);

testEachVectorIsa('convolutions to many channels are accurate in every element of every part', (t, isa) =>
  check(t, 'direct', isa, wide()),
);

testEachVectorIsa("Winograd's algorithm with lanes of channels is accurate", (t, isa) =>
  check(t, 'winograd', isa, tiled(), productsOfPlane),
);

testEachVectorIsa("Winograd's algorithm is accurate in every element of every part", (t, isa) =>
  check(t, 'winograd', isa, tiledParts()),
);
