import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { MOST_SIZE } from '../util/check.js';
import { describe } from '../util/describe.js';
import { formatShape, type Shape } from '../util/shape.js';

/**
 * Padding of an image: `valid` none; `same` so much that the output has `ceil(input / stride)` positions, the odd row or
 * column at the end (as TensorFlow and Keras do); a number on all sides; or `[top, bottom, left, right]`.
 */
export type Padding = 'valid' | 'same' | number | readonly [number, number, number, number];

/** @throws InvalidArgumentError unless `value` is a padding, or one of the `more` words */
export function checkPadding(who: string, value: unknown): Padding;
export function checkPadding<Word extends string>(who: string, value: unknown, more: readonly Word[]): Padding | Word;
export function checkPadding(who: string, value: unknown, more: readonly string[] = []): string | Padding {
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 0 && (n as number) <= MOST_SIZE;
  const words = ['valid', 'same', ...more];
  const word = words.find((known) => known === value);
  if (word !== undefined) return word;
  if (typeof value === 'number' && isSize(value)) return value;
  if (Array.isArray(value) && value.length === 4 && [...value].every(isSize)) {
    return [value[0], value[1], value[2], value[3]];
  }
  throw new InvalidArgumentError(
    `${who}: expected ${words.map((known) => `'${known}'`).join(', ')}, an integer from 0 to ${MOST_SIZE} or ` +
      `[top, bottom, left, right] for padding, received ${describe(value)}.`,
  );
}

/** @throws InvalidArgumentError unless a window of that size, dilated, is as small as any axis may be */
export function checkExtent(who: string, sizeName: string, size: readonly number[], dilation: readonly number[]): void {
  if (size.every((length, axis) => (length - 1) * (dilation[axis] ?? 1) < MOST_SIZE)) return;
  throw new InvalidArgumentError(
    `${who}: expected dilation * (${sizeName} - 1) of less than ${MOST_SIZE}, received the dilation ` +
      `${formatShape(dilation)} for the ${sizeName} ${formatShape(size)}.`,
  );
}

/** A window sliding over an image: size, step and padding, as `[height, width]`. */
export interface Sliding {
  readonly size: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
}

export interface SlidingResult {
  /** Output positions, `[height, width]`. */
  readonly output: readonly [number, number];
  /** Padding before the first row and the first column. */
  readonly before: readonly [number, number];
  /** Padding behind the last row and the last column. */
  readonly after: readonly [number, number];
}

/**
 * Output size `floor((in + padding - size) / stride) + 1` of each axis (Dumoulin and Visin, 2016).
 *
 * @throws ShapeError when the window does not fit into the padded image
 */
export function slide(who: string, sizeName: string, input: Shape, sliding: Sliding): SlidingResult {
  const [, height = 0, width = 0] = input;
  const axes = [height, width].map((length, axis) => {
    const size = sliding.size[axis as 0 | 1];
    const stride = sliding.strides[axis as 0 | 1];
    const [before, after] = paddingOf(sliding.padding, axis, length, size, stride);
    const output = Math.floor((length + before + after - size) / stride) + 1;
    if (output < 1) {
      throw new ShapeError(
        `${who}: expected a ${sizeName} of at most the padded input, received ${formatShape(sliding.size)} for an ` +
          `input of ${formatShape(input)} with padding ${describe(sliding.padding)}. Use padding: 'same' or a smaller ${sizeName}.`,
      );
    }
    return { output, before, after };
  }) as [AxisResult, AxisResult];
  const both = (key: keyof AxisResult): [number, number] => [axes[0][key], axes[1][key]];
  return { output: both('output'), before: both('before'), after: both('after') };
}

interface AxisResult {
  readonly output: number;
  readonly before: number;
  readonly after: number;
}

/** Padding before and behind an axis. */
export function paddingOf(
  padding: Padding,
  axis: number,
  length: number,
  size: number,
  stride: number,
): [number, number] {
  if (padding === 'valid') return [0, 0];
  if (padding === 'same') {
    const total = Math.max((Math.ceil(length / stride) - 1) * stride + size - length, 0);
    return [Math.floor(total / 2), Math.ceil(total / 2)];
  }
  if (typeof padding === 'number') return [padding, padding];
  const [top, bottom, left, right] = padding;
  return axis === 0 ? [top, bottom] : [left, right];
}

/** @throws ShapeError unless `input` is `[channels, height, width]` */
export function checkImage(who: string, input: Shape): void {
  if (input.length === 3) return;
  throw new ShapeError(
    `${who}: expected an input of shape [channels, height, width], received ${formatShape(input)}. ` +
      'Layers on images must come before flatten and dense layers.',
  );
}
