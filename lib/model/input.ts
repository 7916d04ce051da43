import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import { checkSize } from '../layers/check-size.js';
import type { InputTransform } from '../program/compile.js';
import { checkName, MOST_SIZE } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { Shape } from '../util/shape.js';

/** What an input of a model takes in, and how it turns raw pixels into it. Saved with the model. */
export interface InputOptions {
  /** Shape of one sample: `[C, H, W]`, or `[features]` for networks of dense layers only. */
  shape: readonly number[];
  /**
   * Factor for `uint8` samples, before `mean` and `std`.
   * @default 1 / 255
   */
  scale?: number;
  /**
   * Subtracted from scaled `uint8` samples: one number, or one for each channel. With 0.5, pixels lie in [-0.5, 0.5].
   * @default 0
   */
  mean?: number | readonly number[];
  /**
   * Divides `uint8` samples after that: one positive number, or one for each channel.
   * @default 1
   */
  std?: number | readonly number[];
}

/** Options of an input that has a name. */
export interface NamedInputOptions extends InputOptions {
  /**
   * Name of the input in tables, errors and saved models; unique within a model, among layers too.
   * @default `input`, and in models with several inputs then `input_1`, ...
   */
  name?: string;
}

/** Input options with defaults filled in. */
export interface InputSpec {
  readonly shape: Shape;
  readonly scale: number;
  readonly mean: readonly number[];
  readonly std: readonly number[];
}

/** An input at its place in a model. */
export interface ModelInput extends InputSpec {
  readonly name: string;
}

const OPTIONS = ['shape', 'scale', 'mean', 'std'] as const;

/** @throws InvalidArgumentError or ShapeError unless the options describe an input */
export function checkInput(who: string, options: InputOptions): InputSpec {
  checkOptions(`${who} input`, options, OPTIONS);
  const shape = checkShape(who, options.shape);
  checkSize(who, 'the input', shape);
  const channels = shape.length === 3 ? (shape[0] ?? 1) : 1;
  const { scale = 1 / 255, mean = 0, std = 1 } = options;
  return {
    shape,
    scale: checkNumbers(who, 'scale', scale, 1, (n) => n !== 0)[0] ?? 1,
    mean: checkNumbers(who, 'mean', mean, channels, () => true),
    std: checkNumbers(who, 'std', std, channels, (n) => n > 0),
  };
}

/** The same for an input that may have a name. */
export function checkNamedInput(
  who: string,
  options: NamedInputOptions,
): { name: string | undefined; spec: InputSpec } {
  checkOptions(`${who} input`, options, ['name', ...OPTIONS]);
  const { name, ...rest } = options;
  return { name: name === undefined ? undefined : checkName(who, name), spec: checkInput(who, rest) };
}

/** `(x * scale - mean) / std` as one multiplication and one addition for each channel. */
export function transformOf({ scale, mean, std }: InputSpec): InputTransform {
  return {
    channels: mean.length,
    scale: std.map((deviation) => scale / deviation),
    shift: std.map((deviation, i) => -(mean[i] ?? 0) / deviation),
  };
}

function checkShape(who: string, shape: unknown): Shape {
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 1 && (n as number) <= MOST_SIZE;
  // A copy first: every() skips the holes of a sparse array.
  const sizes: unknown[] = Array.isArray(shape) ? [...shape] : [];
  if ((sizes.length === 3 || sizes.length === 1) && sizes.every(isSize)) return sizes as number[];
  throw new ShapeError(
    `${who}: expected [channels, height, width] or [features] of integers from 1 to ${MOST_SIZE} for the input's shape, received ${describe(shape)}.`,
  );
}

/** One number for each channel, from one or as many. */
function checkNumbers(
  who: string,
  name: string,
  value: unknown,
  channels: number,
  accepts: (n: number) => boolean,
): number[] {
  const list: unknown[] = Array.isArray(value) && name !== 'scale' ? [...value] : new Array(channels).fill(value);
  const good = list.length === channels && list.every((n) => typeof n === 'number' && Number.isFinite(n) && accepts(n));
  if (good) return list as number[];
  const kind = name === 'std' ? 'a positive number' : name === 'scale' ? 'a number other than 0' : 'a number';
  const each = channels > 1 ? ` or ${channels} of them, one for each channel,` : '';
  throw new InvalidArgumentError(
    `${who}: expected ${kind}${each} for the input's ${name}, received ${describe(value)}.`,
  );
}
