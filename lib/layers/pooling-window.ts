import { ShapeError } from '../errors/index.js';
import type { SlidingWindows } from '../program/operations/pooling-attributes.js';
import type { Pair } from '../util/check.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape } from '../util/shape.js';
import { checkImage, type Padding, paddingOf, type SlidingResult, slide } from './spatial.js';

/** What max and average pooling share. */
export interface PoolingWindowOptions {
  /**
   * Rows and columns of a window.
   * @default 2
   */
  poolSize?: Pair;
  /**
   * Step of the window.
   * @default poolSize
   */
  strides?: Pair;
  /**
   * Each side's padding must be smaller than the window.
   * @default 'valid'
   */
  padding?: Padding;
  /**
   * Whether rows and columns at the end that fill no whole window get one of their own, which is cut off there:
   * `ceil((in + padding - size) / stride) + 1` positions instead of `floor`, save a last one that would begin behind the
   * image (PyTorch's rule).
   * @default false
   */
  ceilMode?: boolean;
}

/** A pooling window with all that decides where it stands. */
export interface PoolingWindow {
  readonly poolSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly dilation: readonly [number, number];
  readonly ceilMode: boolean;
}

/**
 * Slides a pooling window over an image.
 *
 * @throws ShapeError when a window would hold nothing of the image
 */
export function slidePool(who: string, input: Shape, window: PoolingWindow): SlidingResult {
  checkImage(who, input);
  const { poolSize, strides, padding, dilation } = window;
  const size = extentOf(window);
  const result = window.ceilMode
    ? slideToCeil(who, input, window)
    : slide(who, 'poolSize', input, { size, strides, padding });
  const { before, after } = result;
  const dilated = isDilated(window) ? `, ${formatShape(size)} with its dilation` : '';
  const axes = [0, 1] as const;
  if (axes.some((axis) => Math.max(before[axis], after[axis]) >= size[axis])) {
    throw new ShapeError(
      `${who}: expected padding smaller than the poolSize ${formatShape(poolSize)}${dilated}, received ` +
        `${JSON.stringify(padding)}. A window outside the image has no values.`,
    );
  }
  if (axes.some((axis) => dilation[axis] > 1 && stepsOver(axis, input, window, result))) {
    throw new ShapeError(
      `${who}: expected windows that each hold a value, received dilation ${formatShape(dilation)} with poolSize ` +
        `${formatShape(poolSize)} and padding ${describe(padding)} for an input of ${formatShape(input)}. ` +
        'Use a smaller dilation or less padding.',
    );
  }
  return result;
}

/** The windows of a native pooling call. */
export function slidingWindows(
  window: PoolingWindow,
  input: Shape,
  { output, before, after }: SlidingResult,
  countIncludePad = false,
): SlidingWindows {
  const { poolSize, strides, dilation } = window;
  const outputShape = [input[0] ?? 0, ...output];
  const countedAfter = countIncludePad ? after : undefined;
  return { poolSize, strides, dilation, padding: before, countedAfter, outputShape };
}

/** Rows and columns from the first of a window to its last. */
function extentOf({ poolSize, dilation }: PoolingWindow): [number, number] {
  const extent = (axis: 0 | 1) => (poolSize[axis] - 1) * dilation[axis] + 1;
  return [extent(0), extent(1)];
}

function isDilated({ dilation }: PoolingWindow): boolean {
  return dilation[0] > 1 || dilation[1] > 1;
}

function slideToCeil(who: string, input: Shape, window: PoolingWindow): SlidingResult {
  const { strides, padding } = window;
  const size = extentOf(window);
  const along = (axis: 0 | 1) => {
    const [length, stride] = [input[axis + 1] ?? 0, strides[axis]];
    const [before, after] = paddingOf(padding, axis, length, size[axis], stride);
    const most = Math.ceil((length + before + after - size[axis]) / stride) + 1;
    const output = (most - 1) * stride >= length + before ? most - 1 : most;
    return { output, before, after };
  };
  const [rows, columns] = [along(0), along(1)];
  if (Math.min(rows.output, columns.output) < 1) {
    throw new ShapeError(
      `${who}: expected a poolSize of at most the padded input, or less than a stride more, received ` +
        `${formatShape(window.poolSize)} for an input of ${formatShape(input)} with padding ${describe(padding)}. ` +
        "Use padding: 'same' or a smaller poolSize.",
    );
  }
  return {
    output: [rows.output, columns.output],
    before: [rows.before, columns.before],
    after: [rows.after, columns.after],
  };
}

/** Whether a window has all of the image between two of its rows: only those that begin before the image can. */
function stepsOver(axis: 0 | 1, input: Shape, { strides, dilation }: PoolingWindow, result: SlidingResult): boolean {
  const length = input[axis + 1] ?? 0;
  for (let o = 0; o < result.output[axis]; o++) {
    const outside = result.before[axis] - o * strides[axis];
    if (outside <= 0) return false;
    const first = Math.ceil(outside / dilation[axis]) * dilation[axis] - outside;
    if (first >= length) return true;
  }
  return false;
}
