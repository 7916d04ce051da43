import { InvalidArgumentError } from '../errors/index.js';
import { checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { Augmentation, type ProbabilityOptions, StepKind } from './augmentation.js';
import { type BorderOptions, checkFill, fillConfig } from './border.js';
import { checkRange } from './range.js';

/** One number for both axes, or `[height, width]`. */
type Amounts = number | readonly [number, number];

export interface RotationOptions extends BorderOptions, ProbabilityOptions {
  /** Angles to draw from: `[least, most]`, counter-clockwise, or one number for both directions. */
  degrees: number | readonly [number, number];
}

export interface ShiftOptions extends BorderOptions, ProbabilityOptions {
  /** Largest move in pixels, either way: one number, or `[height, width]`. Or give `fraction`. */
  pixels?: Amounts;
  /** Largest move as a part of the image's height and width, from 0 to 1. */
  fraction?: Amounts;
}

export interface ScaleOptions extends BorderOptions, ProbabilityOptions {
  /** Factors to draw from, `[least, most]`, from 0.1 to 10: above 1 the image grows. */
  factor: readonly [number, number];
}

const KNOWN = ['mode', 'value', 'probability'];

/** Turns the image about its centre by an angle drawn from a range. */
export function rotation(options: RotationOptions): Augmentation {
  const who = 'augmentations.rotation';
  checkOptions(who, options, ['degrees', ...KNOWN]);
  const { degrees, probability = 1 } = options;
  if (typeof degrees !== 'number' && !Array.isArray(degrees)) {
    throw new InvalidArgumentError(
      `${who}: expected a number from 0 to 360 or [least, most], from -360 to 360, for degrees, received ${describe(degrees)}.`,
    );
  }
  const both = typeof degrees === 'number' ? checkNumber(who, 'degrees', degrees, 0, 360) : undefined;
  const [least, most] = both === undefined ? checkRange(who, 'degrees', degrees, -360, 360) : [-both, both];
  const fill = checkFill(who, options, true);
  const config = { degrees: both ?? [least, most], ...fillConfig(fill), probability };
  const step = { kind: StepKind.rotation, a: least / 360, b: most / 360, fill };
  return new Augmentation('rotation', config, probability, () => step);
}

/** Moves the image by a part of a pixel or more, each axis by an amount of its own. */
export function shift(options: ShiftOptions): Augmentation {
  const who = 'augmentations.shift';
  checkOptions(who, options, ['pixels', 'fraction', ...KNOWN]);
  const { pixels, fraction, probability = 1 } = options;
  if ((pixels === undefined) === (fraction === undefined)) {
    throw new InvalidArgumentError(
      `${who}: expected either pixels or fraction, received ${pixels === undefined ? 'neither' : 'both'}.`,
    );
  }
  const name = pixels === undefined ? 'fraction' : 'pixels';
  const [high, wide] = checkAmounts(who, name, options[name], pixels === undefined ? 1 : 2 ** 20);
  const fill = checkFill(who, options, true);
  const config = { [name]: high === wide ? high : [high, wide], ...fillConfig(fill), probability };
  return new Augmentation('shift', config, probability, (place, { height, width }) => {
    const [a, b] = pixels === undefined ? [high * height, wide * width] : [high, wide];
    if (a > height || b > width) {
      throw new InvalidArgumentError(
        `${place}: expected at most [${height}, ${width}] for pixels, received [${high}, ${wide}].`,
      );
    }
    return { kind: StepKind.shift, a, b, fill };
  });
}

/** Enlarges the image about its centre by a factor drawn from a range. */
export function scale(options: ScaleOptions): Augmentation {
  const who = 'augmentations.scale';
  checkOptions(who, options, ['factor', ...KNOWN]);
  const [a, b] = checkRange(who, 'factor', options.factor, 0.1, 10);
  const fill = checkFill(who, options, true);
  const { probability = 1 } = options;
  const config = { factor: [a, b], ...fillConfig(fill), probability };
  return new Augmentation('scale', config, probability, () => ({ kind: StepKind.scale, a, b, fill }));
}

function checkAmounts(who: string, name: string, value: unknown, most: number): [number, number] {
  const both: unknown[] = Array.isArray(value) ? [...value] : [value, value];
  const isAmount = (n: unknown) => typeof n === 'number' && n >= 0 && n <= most;
  if (both.length === 2 && both.every(isAmount)) return both as [number, number];
  throw new InvalidArgumentError(
    `${who}: expected a number from 0 to ${most} or [height, width] for ${name}, received ${describe(value)}.`,
  );
}
