import { InvalidArgumentError, ShapeError } from '../../errors/index.js';
import { checkInteger } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { inOrder } from '../../util/permutation.js';
import { RandomUse, randomStream } from '../../util/random-stream.js';
import { formatShape } from '../../util/shape.js';
import { shuffle } from '../../util/shuffle.js';
import type { Dataset } from '../dataset.js';
import { drawText, TEXT_HEIGHT } from './letters.js';
import type { Picture } from './picture.js';

const WHO = 'images.grid';
const GAP = 4;
const WHITE = 255;
const LEAST_WIDTH = 64;
const MOST_VALUES = 2 ** 28;

/** Options of `images.grid` and `images.writeGrid`. */
export interface GridOptions {
  rows: number;
  columns: number;
  /**
   * What to write below each picture: the name of its class (the number where the set has no names), or a text for each,
   * such as a predicted class. Written small, cut where it is too long.
   * @default false
   */
  labels?: boolean | readonly string[];
  /**
   * Draws the samples at random, none twice: an integer from 0.
   * @default the first samples in their order
   */
  seed?: number;
  /**
   * Pixels of the grid along each side of a pixel.
   * @default what makes a picture at least 64 pixels wide
   */
  scale?: number;
}

/** The options with defaults filled in, and what follows from the data. */
interface Layout {
  readonly rows: number;
  readonly columns: number;
  readonly scale: number;
  readonly channels: number;
  /** Sides of a picture, enlarged. */
  readonly height: number;
  readonly width: number;
  /** Rows for the text below a picture. */
  readonly text: number;
}

/**
 * Samples of a dataset side by side on white, as one picture. Pixels of `Float32Array` sets are spread from the smallest value
 * shown (black) to the largest (white).
 *
 * @throws InvalidArgumentError when an option is not what it should be
 * @throws ShapeError unless samples are `[1, H, W]` or `[3, H, W]`
 */
export function grid(data: Dataset, options: GridOptions): Picture {
  const layout = plan(data, options);
  const { rows, columns, channels, height, width, text } = layout;
  const samples = chosen(data.size, rows * columns, options.seed);
  const texts = textsOf(data, samples, options.labels);
  const shape = [channels, GAP + rows * (height + text + GAP), GAP + columns * (width + GAP)] as const;
  if (shape[0] * shape[1] * shape[2] > MOST_VALUES) {
    throw new InvalidArgumentError(
      `${WHO}: expected a picture of at most ${MOST_VALUES} values, received ${formatShape(shape)}. Choose fewer rows ` +
        'and columns, or a smaller scale.',
    );
  }
  const out = { data: new Uint8Array(shape[0] * shape[1] * shape[2]).fill(WHITE), shape };
  const toByte = byteOf(data, samples);
  for (const [i, sample] of samples.entries()) {
    const top = GAP + Math.floor(i / columns) * (height + text + GAP);
    const left = GAP + (i % columns) * (width + GAP);
    place(out, layout, top, left, data, sample, toByte);
    if (text > 0) drawText(out, texts[i] as string, top + height + 2, left, width);
  }
  return out;
}

function plan(data: Dataset, options: GridOptions): Layout {
  const { images, labels, shape, size } = (data ?? {}) as Partial<Dataset>;
  const isArray = images instanceof Uint8Array || images instanceof Float32Array;
  if (!isArray || !(labels instanceof Int32Array) || !Array.isArray(shape)) {
    throw new InvalidArgumentError(
      `${WHO}: expected a dataset, received ${describe(data)}. Use datasets.mnist() or datasets.fromArrays().`,
    );
  }
  const [channels = 0, imageHeight = 0, imageWidth = 0] = shape as number[];
  const values = channels * imageHeight * imageWidth * (size as number);
  if (shape.length !== 3 || (channels !== 1 && channels !== 3) || images.length !== values) {
    throw new ShapeError(
      `${WHO}: expected samples of shape [1, H, W] or [3, H, W], received ${size} of shape ${formatShape(shape)}.`,
    );
  }
  checkOptions(WHO, options, ['rows', 'columns', 'labels', 'seed', 'scale']);
  const rows = checkInteger(WHO, 'rows', options.rows, 1);
  const columns = checkInteger(WHO, 'columns', options.columns, 1);
  if (rows * columns > (size as number)) {
    throw new InvalidArgumentError(
      `${WHO}: expected rows times columns of at most ${size}, the samples of the set, received ${rows} x ${columns}.`,
    );
  }
  const { scale = Math.ceil(LEAST_WIDTH / imageWidth) } = options;
  checkInteger(WHO, 'scale', scale, 1);
  if (options.seed !== undefined) checkInteger(WHO, 'seed', options.seed, 0);
  const text = options.labels === undefined || options.labels === false ? 0 : TEXT_HEIGHT + 2;
  return { rows, columns, scale, channels, height: imageHeight * scale, width: imageWidth * scale, text };
}

function chosen(size: number, count: number, seed: number | undefined): Int32Array {
  const order = inOrder(size);
  if (seed !== undefined) shuffle(order, seed, randomStream(RandomUse.pictureGrid, 0));
  return order.subarray(0, count);
}

function textsOf(data: Dataset, samples: Int32Array, labels: GridOptions['labels']): readonly string[] {
  if (labels === undefined || labels === false) return [];
  if (labels === true) {
    const names = data.classNames ?? [];
    return Array.from(samples, (sample) => names[data.labels[sample] as number] ?? String(data.labels[sample]));
  }
  const isText = (text: unknown) => typeof text === 'string';
  if (Array.isArray(labels) && labels.length === samples.length && [...labels].every(isText)) return labels;
  throw new InvalidArgumentError(
    `${WHO}: expected true, false or ${samples.length} strings, one a picture, for labels, received ${describe(labels)}.`,
  );
}

/** How a pixel's value becomes a byte. */
function byteOf({ images, size }: Dataset, samples: Int32Array): (value: number) => number {
  if (images instanceof Uint8Array) return (value) => value;
  const length = images.length / size;
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const sample of samples) {
    for (const value of images.subarray(sample * length, (sample + 1) * length)) {
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
  }
  const range = high > low ? high - low : 1;
  return (value) => Math.round(((value - low) / range) * 255);
}

/** Puts a sample into the grid, each pixel as a square. */
function place(
  { data: out, shape: [, outHeight, outWidth] }: Picture,
  { channels, height, width, scale }: Layout,
  top: number,
  left: number,
  { images }: Dataset,
  sample: number,
  toByte: (value: number) => number,
): void {
  const imageWidth = width / scale;
  const plane = (height / scale) * imageWidth;
  for (let c = 0; c < channels; c++) {
    const from = (sample * channels + c) * plane;
    for (let y = 0; y < height; y++) {
      const row = from + Math.floor(y / scale) * imageWidth;
      const to = (c * outHeight + top + y) * outWidth + left;
      for (let x = 0; x < width; x++) out[to + x] = toByte(images[row + Math.floor(x / scale)] as number);
    }
  }
}
