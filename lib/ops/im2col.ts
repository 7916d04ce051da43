import { ShapeError } from '../errors/index.js';
import { checkPadding, type Padding, slide } from '../layers/spatial.js';
import { checkMemory } from '../machine/memory.js';
import { checkPair, type Pair } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { formatShape, type Shape, sameShape, sizeOf } from '../util/shape.js';
import {
  type ArrayLikeInput,
  type FlatArray,
  likeGiven,
  type OpArray,
  type Parsed,
  parseArray,
  zerosFor,
} from './array.js';

/** The windows of a convolution. */
export interface WindowOptions {
  /** Rows and columns of a window. */
  kernelSize: Pair;
  /** @default 1 */
  strides?: Pair;
  /** @default 'valid' */
  padding?: Padding;
  /**
   * Step between the rows and columns of a window.
   * @default 1
   */
  dilation?: Pair;
}

export interface Col2imOptions extends WindowOptions {
  /** Of the image, as `im2col` was given it: `[H, W]`, `[C, H, W]` or `[N, C, H, W]`. */
  shape: readonly number[];
}

/** `[C * R * S, OH * OW]`, or as many of them as images, in the kind of the image. */
export type Columns<X> = X extends FlatArray
  ? OpArray
  : X extends readonly (readonly (readonly (readonly number[])[])[])[]
    ? number[][][]
    : number[][];

const WINDOW = ['kernelSize', 'strides', 'padding', 'dilation'];

/**
 * Every window of an image as a column, `[C * R * S, OH * OW]`: row `(c * R + r) * S + s` holds what tap `(r, s)` meets in
 * channel c, column `oh * OW + ow` belongs to the output pixel `(oh, ow)`. A convolution is then a product of matrices:
 * the kernel as `[K, C * R * S]` times the columns. Padded positions hold 0. Of a Float64Array and of nested
 * arrays the columns are doubles, of all others float32.
 *
 * @param x `[H, W]`, `[C, H, W]` or `[N, C, H, W]`; of N images, N matrices
 * @throws InvalidArgumentError or ShapeError for a wrong option, or an image smaller than the window; TrainingError when memory cannot hold
 * the columns
 */
export function im2col<const X extends ArrayLikeInput>(x: X, options: WindowOptions): Columns<X> {
  const who = 'ops.im2col';
  checkOptions(who, options, WINDOW);
  const image = parseArray(who, 'x', x);
  const windows = new Windows(who, image.shape, options);
  checkMemory(who, 'the columns', 8 * sizeOf(windows.columnsShape), 'Use a smaller window or image.');
  const columns = zerosFor(image.data, sizeOf(windows.columnsShape));
  windows.each((column, pixel) => {
    columns[column] = image.data[pixel] as number;
  });
  return likeGiven(image, columns, windows.columnsShape) as Columns<X>;
}

/**
 * The transpose of `im2col`: every pixel gets the sum of the column entries that were taken from it. Of the gradients of
 * the columns this makes the gradient of the image. Sums of a Float64Array and of nested arrays are doubles, of all others float32.
 *
 * @param columns `[C * R * S, OH * OW]`, or N of them
 * @throws InvalidArgumentError or ShapeError for a wrong option, or columns that do not belong to such an image; TrainingError when memory
 * cannot hold it
 */
export function col2im(columns: FlatArray, options: Col2imOptions): OpArray;
export function col2im(columns: ArrayLikeInput, options: Col2imOptions): number[][] | number[][][] | number[][][][];
export function col2im(columns: ArrayLikeInput, options: Col2imOptions): unknown {
  const who = 'ops.col2im';
  checkOptions(who, options, ['shape', ...WINDOW]);
  const { shape, ...window } = options;
  const given: Parsed = parseArray(who, 'columns', columns);
  const windows = new Windows(who, checkShape(who, shape), window);
  if (!sameShape(given.shape, windows.columnsShape)) {
    throw new ShapeError(
      `${who}: expected columns of shape ${formatShape(windows.columnsShape)} for an image of ${formatShape(shape)}, ` +
        `received ${formatShape(given.shape)}.`,
    );
  }
  checkMemory(who, 'the image', 8 * sizeOf(shape), 'Use a smaller shape.');
  const image = zerosFor(given.data, sizeOf(shape));
  windows.each((column, pixel) => {
    image[pixel] = (image[pixel] as number) + (given.data[column] as number);
  });
  return likeGiven(given, image, shape);
}

/** All windows over an image, or several. */
class Windows {
  readonly columnsShape: Shape;
  readonly #image: readonly [number, number, number, number];
  readonly #output: readonly [number, number];
  readonly #before: readonly [number, number];
  readonly #size: readonly [number, number];
  readonly #strides: readonly [number, number];
  readonly #dilation: readonly [number, number];

  constructor(who: string, shape: Shape, options: WindowOptions) {
    if (shape.length < 2 || shape.length > 4) {
      throw new ShapeError(
        `${who}: expected an image of shape [H, W], [C, H, W] or [N, C, H, W], received ${formatShape(shape)}.`,
      );
    }
    const { kernelSize, strides = 1, dilation = 1, padding: given = 'valid' } = options;
    this.#size = checkPair(who, 'kernelSize', kernelSize);
    this.#strides = checkPair(who, 'strides', strides);
    this.#dilation = checkPair(who, 'dilation', dilation);
    const padding = checkPadding(who, given);
    const [samples, channels, height, width] = [...[1, 1, 1, 1].slice(shape.length), ...shape] as [
      number,
      number,
      number,
      number,
    ];
    this.#image = [samples, channels, height, width];
    const extent = ([0, 1] as const).map((axis) => (this.#size[axis] - 1) * this.#dilation[axis] + 1);
    const { output, before } = slide(who, 'kernelSize', [channels, height, width], {
      size: extent as [number, number],
      strides: this.#strides,
      padding,
    });
    this.#output = output;
    this.#before = before;
    const matrix = [channels * sizeOf(this.#size), sizeOf(output)];
    this.columnsShape = shape.length === 4 ? [samples, ...matrix] : matrix;
  }

  /** Calls `visit` with the index of each entry of the columns that lies in the image, and that of its pixel. */
  each(visit: (column: number, pixel: number) => void): void {
    const [samples, channels, height, width] = this.#image;
    const [rows, columns] = this.#size;
    const [outputHeight, outputWidth] = this.#output;
    let column = 0;
    for (let nc = 0; nc < samples * channels; nc++) {
      for (let r = 0; r < rows; r++) {
        for (let s = 0; s < columns; s++) {
          for (let oh = 0; oh < outputHeight; oh++) {
            for (let ow = 0; ow < outputWidth; ow++, column++) {
              const h = oh * this.#strides[0] + r * this.#dilation[0] - this.#before[0];
              const w = ow * this.#strides[1] + s * this.#dilation[1] - this.#before[1];
              if (h >= 0 && h < height && w >= 0 && w < width) visit(column, (nc * height + h) * width + w);
            }
          }
        }
      }
    }
  }
}

function checkShape(who: string, shape: unknown): Shape {
  const sizes: unknown[] = Array.isArray(shape) ? [...shape] : [];
  if (sizes.length > 0 && sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 1)) {
    return sizes as number[];
  }
  throw new ShapeError(
    `${who}: expected the shape of the image, such as [C, H, W], for shape, received ${String(shape)}.`,
  );
}
