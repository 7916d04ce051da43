import { ShapeError } from '../errors/index.js';
import { MOST_SIZE } from '../util/check.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape } from '../util/shape.js';
import { checkImage, type Padding, type SlidingResult, slide } from './spatial.js';

/**
 * Padding of a convolution: as `Padding`, and `full`: `dilation * (kernelSize - 1)` on each side, so that every place where kernel and
 * image overlap gives an output.
 */
export type ConvolutionPadding = Padding | 'full';

/** Along an axis. All of them are tried when a convolution is planned: that takes seconds at most. */
const MOST_PAIRS = 2 ** 28;

/** A kernel sliding over an image, as `[height, width]`. */
export interface ConvolutionWindow {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly dilation: readonly [number, number];
  readonly padding: ConvolutionPadding;
}

/** Rows and columns from the first tap to the last. */
export function extentOf({ kernelSize, dilation }: Pick<ConvolutionWindow, 'kernelSize' | 'dilation'>) {
  return both((axis) => dilation[axis] * (kernelSize[axis] - 1) + 1);
}

/**
 * Output size `floor((in + padding - (dilation * (size - 1) + 1)) / stride) + 1` of each axis (Dumoulin and Visin, 2016).
 *
 * @throws ShapeError when the kernel does not fit into the padded image
 */
export function slideKernel(who: string, input: Shape, window: ConvolutionWindow): SlidingResult {
  checkImage(who, input);
  const size = extentOf(window);
  const name = Math.max(...window.dilation) > 1 ? 'dilated kernelSize' : 'kernelSize';
  const result = slide(who, name, input, { size, strides: window.strides, padding: inNumbers(window) });
  checkOutput(who, result.output, input, window);
  return result;
}

/** What a transposed convolution has beside its window: rows and columns added at the end of its output. */
export interface TransposedWindow extends ConvolutionWindow {
  readonly outputPadding: readonly [number, number];
}

/**
 * Output size `(in - 1) * stride - padding + dilation * (size - 1) + 1 + outputPadding` of each axis, as in PyTorch; with padding `same`
 * `in * stride`, as in Keras. `before` is the padding of the convolution whose gradient it is.
 *
 * @throws ShapeError when nothing would be left of the output
 */
export function slideTransposed(who: string, input: Shape, window: TransposedWindow) {
  checkImage(who, input);
  const extent = extentOf(window);
  const { strides, outputPadding } = window;
  const padding = inNumbers(window);
  const axes = both((axis): { output: number; before: number } => {
    const [length, stride] = [input[axis + 1] ?? 0, strides[axis]];
    if (padding === 'same') {
      return { output: length * stride, before: Math.floor(Math.max(extent[axis] - stride, 0) / 2) };
    }
    const [first, last] = axis === 0 ? [padding[0], padding[1]] : [padding[2], padding[3]];
    return { output: (length - 1) * stride - first - last + extent[axis] + outputPadding[axis], before: first };
  });
  const output = both((axis) => axes[axis].output);
  if (Math.min(...output) < 1) {
    throw new ShapeError(
      `${who}: expected a padding that leaves at least one row and column, received ${describe(window.padding)} for an input of ` +
        `${formatShape(input)}, which gives ${formatShape(output)}. Use a smaller padding, or padding: 'same'.`,
    );
  }
  checkOutput(who, output, input, window);
  return { output, before: both((axis) => axes[axis].before) };
}

function inNumbers(window: ConvolutionWindow): 'same' | readonly [number, number, number, number] {
  const { padding } = window;
  if (padding === 'same') return padding;
  if (padding === 'valid') return [0, 0, 0, 0];
  if (padding === 'full') {
    const [rows, columns] = extentOf(window).map((extent) => extent - 1) as [number, number];
    return [rows, rows, columns, columns];
  }
  return typeof padding === 'number' ? [padding, padding, padding, padding] : padding;
}

function checkOutput(
  who: string,
  output: readonly [number, number],
  input: Shape,
  { kernelSize, strides, padding }: ConvolutionWindow,
): void {
  if (Math.max(...output) > MOST_SIZE) {
    throw new ShapeError(
      `${who}: expected an output of at most ${MOST_SIZE} rows and columns, received ${formatShape(output)} of an input of ` +
        `${formatShape(input)} with strides ${formatShape(strides)} and padding ${describe(padding)}.`,
    );
  }
  const pairs = both((axis) => Math.max(input[axis + 1] ?? 0, output[axis]) * kernelSize[axis]);
  if (Math.max(...pairs) > MOST_PAIRS) {
    throw new ShapeError(
      `${who}: expected at most 2^28 pairs of a position and a row or column of the kernel, received kernelSize ` +
        `${formatShape(kernelSize)} on an input of ${formatShape(input)}. Use a smaller kernel, or smaller images.`,
    );
  }
}

function both<T>(of: (axis: 0 | 1) => T): [T, T] {
  return [of(0), of(1)];
}
