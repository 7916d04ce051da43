import type { ConvolutionPadding } from 'cnnative';
import { Philox } from '#lib/util/philox.js';
import { CallProgram } from './call-program.js';
import type { Kernels } from './isas.js';
import { type ConvolutionShape, outputSize } from './reference/convolution.js';
import { groupedConvolution, type Sums } from './reference/grouped-convolution.js';
import { axesOf, positions } from './reference/sliding.js';
import { randomValues } from './values.js';

/** One convolution as its kernels see it, with all that may ride on it. */
export interface KernelCase {
  readonly samples: number;
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
  readonly image: readonly [number, number];
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: ConvolutionPadding;
  readonly flip: boolean;
  readonly bias: boolean;
  readonly addend: boolean;
  /** Whether results are written over their addends. */
  readonly over: boolean;
  readonly relu: boolean;
  /** Inputs as a relu leaves them, many of them zero. */
  readonly sparse: boolean;
  readonly groupsPerBlock: number;
}

export type Path = 'direct' | 'winograd';

/** The calls of each path. Which one a network takes is the compiler's choice; here a test takes both. */
const OPERATORS = {
  direct: {
    pack: 'packWeights',
    forward: 'convolution',
    dataGradient: 'convolutionDataGradient',
    weightGradient: 'convolutionWeightGradient',
    reduce: 'reduceBlocks',
  },
  winograd: {
    pack: 'winogradWeights',
    forward: 'winogradConvolution',
    dataGradient: 'winogradDataGradient',
    weightGradient: 'winogradWeightGradient',
    reduce: 'reduceTaps',
  },
} as const;

/** Random operands of a case, exact in float32, and what comes of them in plain double loops. */
export function makeTruth(spec: KernelCase, seed: number) {
  const random = new Philox(seed);
  const { samples, channels, filters, groups, image, kernelSize, strides, dilation, padding, flip } = spec;
  const [rows, columns] = axesOf(image, kernelSize, strides, padding, dilation, flip);
  const shape = { samples, channels, filters, rows, columns };
  const drawn = randomValues(random, samples * channels * image[0] * image[1]);
  const x = spec.sparse ? drawn.map((value) => Math.max(0, value)) : drawn;
  const w = randomValues(random, (filters * channels * kernelSize[0] * kernelSize[1]) / groups);
  const dy = randomValues(random, outputSize(shape));
  const bias = spec.bias ? randomValues(random, filters) : undefined;
  const addend = spec.addend ? randomValues(random, dy.length, 4) : undefined;
  const dxAddend = spec.addend ? randomValues(random, x.length, 4) : undefined;
  const { y, dx, dw } = groupedConvolution(shape, groups, x, w, dy);
  const plane = positions(rows) * positions(columns);
  finish(y, (i) => bias?.[Math.floor(i / plane) % filters] ?? 0, addend, spec.relu);
  finish(dx, () => 0, dxAddend, false);
  return { spec, shape, x, w, dy, bias, addend, dxAddend, y, dx, dw };
}

export type Truth = ReturnType<typeof makeTruth>;

function finish(
  { value, products }: Sums,
  biasOf: (i: number) => number,
  addend: Float32Array | undefined,
  relu: boolean,
) {
  value.forEach((sum, i) => {
    const [bias, more] = [biasOf(i), addend?.[i] ?? 0];
    value[i] = relu ? Math.max(0, sum + bias + more) : sum + bias + more;
    products[i] = (products[i] as number) + Math.abs(bias) + Math.abs(more);
  });
}

/** The same by native calls. */
export async function callKernels(truth: Truth, path: Path, kernels: Kernels) {
  const { spec, shape, x, w, dy, bias, addend, dxAddend } = truth;
  const { samples, groupsPerBlock } = spec;
  const ops = OPERATORS[path];
  const attributes = attributesOf(spec, shape);
  const program = new CallProgram({ ...kernels, samples, groupsPerBlock });
  const weights = program.variable(w);
  const taps = product(spec.kernelSize);
  const pack = (swapped: 0 | 1) => {
    const packed = program.variable(path === 'direct' ? w.length : 36 * spec.channels * spec.filters);
    const pixels = product(swapped ? attributes.inputShape : attributes.outputShape);
    const { inputs, outputs, groups } = attributes;
    const own = { inputs, outputs, taps, ...(path === 'direct' && { groups, pixels }) };
    program.call(ops.pack, { packed, w: weights }, { ...own, swapped }, 'prepare');
    return packed;
  };
  const input = program.input(x);
  const added = addend && program.input(addend);
  const y = (spec.over && added) || program.sample(dy.length / samples);
  const forward = {
    ...{ y, x: input, w: pack(0) },
    ...(bias && { bias: program.variable(bias) }),
    ...(added && { addend: added }),
  };
  program.call(ops.forward, forward, { ...attributes, activation: spec.relu ? 'relu' : 'linear' });

  const gradient = program.gradient(dy);
  const dxAdded = dxAddend && program.input(dxAddend);
  const dx = (spec.over && dxAdded) || program.sample(x.length / samples);
  const backward = { dx, dy: gradient, w: pack(1), ...(dxAdded && { addend: dxAdded }) };
  program.call(ops.dataGradient, backward, { ...attributes, activation: 'linear' });

  const blocks = Math.ceil(Math.ceil(samples / 16) / groupsPerBlock);
  const partial = program.variable(blocks * w.length);
  const dw = program.variable(w.length);
  program.call(ops.weightGradient, { dw: partial, dy: gradient, x: input }, attributes);
  const size = path === 'direct' ? { elements: w.length } : { outputs: spec.filters, inputs: spec.channels, taps };
  program.call(ops.reduce, { y: dw, x: partial }, size);

  const results = await program.run(2);
  return { y: results(y), dx: results(dx), dw: results(dw) };
}

/** What native convolutions need to know of their shape. */
export function attributesOf(
  { channels, filters, groups, image, kernelSize, strides, dilation, flip }: KernelCase,
  shape: ConvolutionShape,
) {
  const { rows, columns } = shape;
  return {
    ...{ inputs: channels / groups, outputs: filters / groups, groups, inputShape: image },
    ...{ outputShape: [positions(rows), positions(columns)] as const, kernelSize, strides, dilation },
    padding: [rows.before, columns.before],
    flip: flip ? 1 : 0,
  };
}

const product = ([a, b]: readonly [number, number]) => a * b;
