import { sizeOf } from '../../util/shape.js';
import type { Buffer } from '../buffer.js';
import { type Attributes, LANES } from '../description.js';
import type { Emitter } from '../emitter.js';
import { algorithmOf, type ConvolutionAlgorithm, winogradTile } from './convolution-algorithm.js';
import { type ConvolutionGeometry, convolutionAttributes } from './convolution-geometry.js';

/** In units of a multiply-add of 16 lanes in registers: what it costs to bring one to its place in a band, or back from there. */
const MOVE_COST = 8;
/** And what the calls that do so cost, after each of which threads meet. */
const CALL_COST = 60_000;
/** So much less work Winograd's tiles take for each row of 3x3 taps, and of 5x5. */
const WINOGRAD_SAVINGS: Readonly<Record<number, number>> = { 3: 2.5, 5: 1.6 };

/** Which rows of an image a band has: row r of band b is `b * distance + first + r` of `height`. */
interface Rows {
  readonly height: number;
  readonly rows: number;
  readonly distance: number;
  readonly first: number;
}

/** A convolution cut into so many bands of rows, which are convolutions of their own. */
interface Cut {
  readonly bands: number;
  /** Of each band. */
  readonly geometry: ConvolutionGeometry;
  /** Of the convolution's input, and of its output. */
  readonly input: Rows;
  readonly output: Rows;
}

/**
 * How a convolution uses the lanes. In a batch of at most 8 samples half of them or more are empty; where its arithmetic outweighs
 * the copies, its images are split into 2, 4, 8 or 16 bands of rows, which fill the lanes, and what it makes of them is joined.
 */
export class RowBands {
  /** Of what native kernels see: a band, or the whole. */
  readonly geometry: ConvolutionGeometry;
  readonly algorithm: ConvolutionAlgorithm;
  readonly #emit: Emitter;
  readonly #whole: ConvolutionGeometry;
  readonly #cut: Cut;

  private constructor(emit: Emitter, whole: ConvolutionGeometry, algorithm: ConvolutionAlgorithm, cut: Cut) {
    this.#emit = emit;
    this.#whole = whole;
    this.#cut = cut;
    this.algorithm = algorithm;
    this.geometry = cut.geometry;
  }

  /** For y of x, and for the gradient of the kernel. */
  static forward(emit: Emitter, whole: ConvolutionGeometry): RowBands {
    const algorithm = algorithmOf(whole, emit.vectors, 'forward');
    const unit = algorithm === 'winograd' ? winogradTile(whole.kernelShape[2]) : 1;
    const cuts = countsFor(emit).map((bands) => forwardCut(whole, bands, unit));
    return new RowBands(
      emit,
      whole,
      algorithm,
      cheapest(cuts, (cut) => costOf(cut, algorithm, cut.output.rows)),
    );
  }

  /** For dx of dy. */
  static backward(emit: Emitter, whole: ConvolutionGeometry): RowBands {
    const algorithm = algorithmOf(whole, emit.vectors, 'backward');
    const [stride] = whole.strides;
    const unit = algorithm === 'winograd' ? winogradTile(whole.kernelShape[2]) : stride;
    const cuts = countsFor(emit).map((bands) => backwardCut(whole, bands, unit));
    // Of the rows that are made each meets every stride-th tap.
    const cost = (cut: Cut) => costOf(cut, algorithm, cut.input.rows / stride);
    return new RowBands(emit, whole, algorithm, cheapest(cuts, cost));
  }

  /** Attributes of the call that computes on the bands. */
  get attributes(): Attributes {
    const [, ...wholeOutput] = this.#whole.outputShape;
    const attributes = convolutionAttributes(this.geometry);
    const { bands } = this.#cut;
    return bands === 1 ? attributes : { ...attributes, bands, wholeOutput };
  }

  /** The bands of a buffer that has the convolution's input: x, or what is added to dx. */
  splitInput(buffer: Buffer): Buffer {
    return this.#split(buffer, this.#whole.inputShape, this.#cut.input);
  }

  /** The bands of a buffer that has its output: dy, or what is added to y. */
  splitOutput(buffer: Buffer): Buffer {
    return this.#split(buffer, this.#whole.outputShape, this.#cut.output);
  }

  /** Lets `make` write the bands of an input, dx, and joins them. */
  makeInput(dx: Buffer, make: (banded: Buffer) => void): void {
    this.#make(dx, this.#whole.inputShape, this.#cut.input, make);
  }

  /** The same of an output, y. */
  makeOutput(y: Buffer, make: (banded: Buffer) => void): void {
    this.#make(y, this.#whole.outputShape, this.#cut.output, make);
  }

  #split(x: Buffer, [channels = 0, , width = 0]: readonly number[], rows: Rows): Buffer {
    const { bands } = this.#cut;
    if (bands === 1) return x;
    const y = this.#emit.sample(channels * rows.rows * width);
    this.#emit.compute('splitRows', { y, x }, { channels, width, bands, ...rows });
    return y;
  }

  #make(y: Buffer, [channels = 0, , width = 0]: readonly number[], rows: Rows, make: (banded: Buffer) => void): void {
    const { bands } = this.#cut;
    if (bands === 1) {
      make(y);
      return;
    }
    const x = this.#emit.sample(channels * rows.rows * width);
    make(x);
    this.#emit.compute('joinRows', { y, x }, { channels, width, bands, ...rows });
  }
}

/** How many bands there is room for. Scalar kernels are what the others are compared with: they work on whole images. */
function countsFor({ vectors, batchSize }: Emitter): number[] {
  return [1, 2, 4, 8, LANES].filter((bands) => bands === 1 || (vectors && bands * batchSize <= LANES));
}

function cheapest(cuts: readonly Cut[], costOf: (cut: Cut) => number): Cut {
  return cuts.reduce((best, cut) => (costOf(cut) < costOf(best) ? cut : best));
}

/**
 * Bands of output rows, and the input rows that their taps meet. Each has whole units of rows, so that Winograd's tiles lie as in the
 * whole image: no bit of what is made depends on the bands.
 */
function forwardCut(whole: ConvolutionGeometry, bands: number, unit: number): Cut {
  if (bands === 1) return uncut(whole);
  const { kernelShape, inputShape, outputShape, padding } = whole;
  const [stride, dilation] = [whole.strides[0], whole.dilation[0]];
  const [, , taps = 1] = kernelShape;
  const rows = Math.ceil((outputShape[1] ?? 0) / bands / unit) * unit;
  const read = (rows - 1) * stride + (taps - 1) * dilation + 1;
  const [input, output] = [withRows(inputShape, read), withRows(outputShape, rows)];
  return {
    bands,
    geometry: { ...whole, inputShape: input, outputShape: output, padding: [0, padding[1]] },
    input: { height: inputShape[1] ?? 0, rows: read, distance: rows * stride, first: 0 - padding[0] },
    output: { height: outputShape[1] ?? 0, rows, distance: rows, first: 0 },
  };
}

/** Bands of input rows, each beginning where the stride does, and the output rows whose taps meet them. */
function backwardCut(whole: ConvolutionGeometry, bands: number, unit: number): Cut {
  if (bands === 1) return uncut(whole);
  const { kernelShape, inputShape, outputShape, padding } = whole;
  const [stride, dilation] = [whole.strides[0], whole.dilation[0]];
  const [, , taps = 1] = kernelShape;
  const rows = Math.ceil((inputShape[1] ?? 0) / bands / unit) * unit;
  const first = Math.floor((padding[0] - (taps - 1) * dilation) / stride);
  const read = Math.floor((rows - 1 + padding[0]) / stride) - first + 1;
  const [input, output] = [withRows(inputShape, rows), withRows(outputShape, read)];
  return {
    bands,
    geometry: { ...whole, inputShape: input, outputShape: output, padding: [padding[0] - first * stride, padding[1]] },
    input: { height: inputShape[1] ?? 0, rows, distance: rows, first: 0 },
    output: { height: outputShape[1] ?? 0, rows: read, distance: rows / stride, first },
  };
}

function uncut(whole: ConvolutionGeometry): Cut {
  const rowsOf = ([, height = 0]: readonly number[]) => ({ height, rows: height, distance: height, first: 0 });
  return { bands: 1, geometry: whole, input: rowsOf(whole.inputShape), output: rowsOf(whole.outputShape) };
}

function withRows([channels = 0, , width = 0]: readonly number[], rows: number): number[] {
  return [channels, rows, width];
}

/** In multiply-adds of 16 lanes: those of so many output rows of a band, and what goes into bands and back. */
function costOf({ bands, geometry }: Cut, algorithm: ConvolutionAlgorithm, rows: number): number {
  const { kernelShape, inputShape, outputShape } = geometry;
  const [, , taps = 1] = kernelShape;
  const [tile, saving] = [winogradTile(taps), WINOGRAD_SAVINGS[taps] ?? 1];
  const worked = algorithm === 'winograd' ? (Math.ceil(rows / tile) * tile) / saving : rows;
  const own = worked * sizeOf(kernelShape) * (outputShape[2] ?? 0);
  return bands === 1 ? own : own + MOVE_COST * (sizeOf(inputShape) + sizeOf(outputShape)) + CALL_COST;
}
