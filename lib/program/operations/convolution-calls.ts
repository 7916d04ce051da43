import { sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import type { Emitter } from '../emitter.js';
import { activationAttributes } from '../fused-activation.js';
import type { FusedActivation, Parameter } from '../operation.js';
import type { ConvolutionAlgorithm } from './convolution-algorithm.js';
import { type ConvolutionGeometry, keepsImage } from './convolution-geometry.js';
import { RowBands } from './row-bands.js';

/** Native operators by algorithm and direction. */
const OPERATORS = {
  direct: {
    forward: 'convolution',
    dataGradient: 'convolutionDataGradient',
    weightGradient: 'convolutionWeightGradient',
  },
  pointwise: {
    forward: 'pointwiseConvolution',
    dataGradient: 'pointwiseDataGradient',
    weightGradient: 'pointwiseWeightGradient',
  },
  winograd: {
    forward: 'winogradConvolution',
    dataGradient: 'winogradDataGradient',
    weightGradient: 'winogradWeightGradient',
  },
} as const satisfies Record<ConvolutionAlgorithm, Record<string, string>>;

/** What is done to the sums on their way out: `act(sums + bias + addend)`. */
interface Epilogue {
  readonly bias?: Buffer;
  readonly addend?: Buffer;
}

/** `y = act(conv(x, w) + bias + addend)`. */
export function emitConvolution(
  emit: Emitter,
  geometry: ConvolutionGeometry,
  { y, x, kernel, bias, addend }: { y: Buffer; x: Buffer; kernel: Buffer } & Epilogue,
  activation: FusedActivation,
): void {
  const bands = RowBands.forward(emit, geometry);
  const { forward } = OPERATORS[bands.algorithm];
  const w = packedKernel(emit, bands, kernel, false);
  const operands = { x: bands.splitInput(x), w, ...epilogue(bias, addend && bands.splitOutput(addend)) };
  bands.makeOutput(y, (banded) => {
    emit.compute(forward, { y: banded, ...operands }, { ...bands.attributes, ...activationAttributes(activation) });
  });
}

/**
 * `dx = act(transposed(dy, w) + bias + addend)`: what the convolution makes of dy when walked backwards. A data gradient has neither
 * bias nor activation; the forward pass of a transposed convolution has.
 */
export function emitTransposed(
  emit: Emitter,
  geometry: ConvolutionGeometry,
  { dx, dy, kernel, bias, addend }: { dx: Buffer; dy: Buffer; kernel: Buffer } & Epilogue,
  activation: FusedActivation = 'linear',
): void {
  const bands = RowBands.backward(emit, geometry);
  const { algorithm } = bands;
  // A stride of more than 1 leaves gaps in dx that no product of matrices fills.
  const { dataGradient } = OPERATORS[algorithm === 'pointwise' && !keepsImage(geometry) ? 'direct' : algorithm];
  const w = packedKernel(emit, bands, kernel, true);
  const operands = { dy: bands.splitOutput(dy), w, ...epilogue(bias, addend && bands.splitInput(addend)) };
  bands.makeInput(dx, (banded) => {
    emit.compute(
      dataGradient,
      { dx: banded, ...operands },
      { ...bands.attributes, ...activationAttributes(activation) },
    );
  });
}

/** The gradient of the kernel, of what the convolution read and of the gradient of what it made. */
export function emitWeightGradient(
  emit: Emitter,
  geometry: ConvolutionGeometry,
  kernel: Parameter,
  { x, dy }: { x: Buffer; dy: Buffer },
): void {
  const bands = RowBands.forward(emit, geometry);
  const { algorithm } = bands;
  const dw = algorithm === 'winograd' ? emit.partialTaps(kernel) : emit.partialGradient(kernel);
  const operands = { dw, dy: bands.splitOutput(dy), x: bands.splitInput(x) };
  emit.compute(OPERATORS[algorithm].weightGradient, operands, bands.attributes);
}

function epilogue(bias: Buffer | undefined, addend: Buffer | undefined): Epilogue {
  return { ...(bias && { bias }), ...(addend && { addend }) };
}

/**
 * The kernel in the order native code reads it: a copy made anew whenever parameters may have changed. `swapped` is for the way from
 * outputs to inputs.
 */
export function packedKernel(
  emit: Emitter,
  { geometry, algorithm }: Pick<RowBands, 'geometry' | 'algorithm'>,
  w: Buffer,
  swapped: boolean,
): Buffer {
  const { kernelShape, groups } = geometry;
  const [filters = 0, inputs = 0, rows = 0, columns = 0] = kernelShape;
  const outputs = filters / groups;
  if (algorithm === 'winograd') {
    const packed = emit.shared(36 * outputs * inputs);
    emit.prepare('winogradWeights', { packed, w }, { outputs, inputs, taps: rows * columns, swapped: swapped ? 1 : 0 });
    return packed;
  }
  const packed = emit.shared(sizeOf(kernelShape));
  const made = swapped ? geometry.inputShape : geometry.outputShape;
  const pixels = sizeOf(made.slice(1));
  const attributes = { outputs, inputs, taps: rows * columns, pixels, groups, swapped: swapped ? 1 : 0 };
  emit.prepare('packWeights', { packed, w }, attributes);
  return packed;
}

/** `db`, from the gradient `dy` of an image of so many channels and pixels. */
export function emitBiasGradient(
  emit: Emitter,
  bias: Parameter,
  dy: Buffer,
  [channels = 0, ...image]: readonly number[],
) {
  emit.compute('biasGradient', { db: emit.partialGradient(bias), dy }, { channels, pixels: sizeOf(image) });
}
