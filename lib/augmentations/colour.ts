import { ShapeError } from '../errors/index.js';
import { checkOptions } from '../util/check-options.js';
import { Augmentation, type AugmentationName, type ProbabilityOptions, StepKind } from './augmentation.js';
import { checkRange } from './range.js';

export interface ColourOptions extends ProbabilityOptions {
  /** Factors f to draw from, `[least, most]`, from 0 to 100; 1 leaves the image as it is. */
  factor: readonly [number, number];
}

/** `f x`. Pixels of `Uint8Array` sets stay within 0..255, but are not rounded. */
export function brightness(options: ColourOptions): Augmentation {
  return colour('brightness', options, StepKind.brightness);
}

/** `m + f (x - m)` with the mean m of the whole image, kept within 0..255 as with `brightness`. */
export function contrast(options: ColourOptions): Augmentation {
  return colour('contrast', options, StepKind.contrast);
}

/** `g + f (x - g)` with the pixel's grey g = 0.299 red + 0.587 green + 0.114 blue, kept within 0..255 as with `brightness`. */
export function saturation(options: ColourOptions): Augmentation {
  return colour('saturation', options, StepKind.saturation);
}

function colour(type: AugmentationName, options: ColourOptions, kind: number): Augmentation {
  const who = `augmentations.${type}`;
  checkOptions(who, options, ['factor', 'probability']);
  const [a, b] = checkRange(who, 'factor', options.factor, 0, 100);
  const { probability = 1 } = options;
  return new Augmentation(type, { factor: [a, b], probability }, probability, (name, { channels }) => {
    if (kind === StepKind.saturation && channels !== 3) {
      throw new ShapeError(`${name}: expected images of 3 channels (red, green, blue), received ${channels}.`);
    }
    return { kind, a, b };
  });
}
