import { InvalidArgumentError } from '../errors/index.js';
import { checkPair, type Pair } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { Augmentation, type ProbabilityOptions, StepKind } from './augmentation.js';
import { type BorderOptions, checkFill, fillConfig } from './border.js';

export interface RandomCropOptions extends BorderOptions, ProbabilityOptions {
  /** Pixels added on every side before an image of the old size is cut out: one number, or `[height, width]`. */
  padding: Pair;
}

/** Pads the image and cuts one of the same size out at a place drawn at random: each of the `(2 padding + 1)^2` equally often. */
export function randomCrop(options: RandomCropOptions): Augmentation {
  const who = 'augmentations.randomCrop';
  checkOptions(who, options, ['padding', 'mode', 'value', 'probability']);
  const [high, wide] = checkPair(who, 'padding', options.padding, 0);
  const fill = checkFill(who, options, true);
  const { probability = 1 } = options;
  const config = { padding: high === wide ? high : [high, wide], ...fillConfig(fill), probability };
  return new Augmentation('randomCrop', config, probability, (name, { height, width }) => {
    // A mirrored image has no more rows than it has itself, its outermost one not repeated.
    const room = fill.mode === 'reflect' ? 1 : 0;
    if (high > height - room || wide > width - room) {
      throw new InvalidArgumentError(
        `${name}: expected a padding of at most [${height - room}, ${width - room}] for images of ${height}x${width} and ` +
          `mode: '${fill.mode}', received [${high}, ${wide}].`,
      );
    }
    return { kind: StepKind.crop, a: high, b: wide, fill };
  });
}
