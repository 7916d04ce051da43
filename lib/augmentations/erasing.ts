import { InvalidArgumentError } from '../errors/index.js';
import { checkOptions } from '../util/check-options.js';
import { Augmentation, type ProbabilityOptions, StepKind } from './augmentation.js';
import { checkFill, type FillOptions, fillConfig } from './border.js';
import { checkSizes, sizesConfig } from './range.js';

export interface ErasingOptions extends FillOptions, ProbabilityOptions {
  /** Sides in pixels: one number, or `[least, most]` to draw from. */
  size: number | readonly [number, number];
}

/** Fills a square around a pixel drawn at random, cut off at the edges (DeVries and Taylor, 2017). */
export function cutout(options: ErasingOptions): Augmentation {
  return erasing('cutout', options, 1);
}

/** Fills a rectangle inside the image, its height and width drawn from `size` each (after Zhong et al., 2017). */
export function randomErasing(options: ErasingOptions): Augmentation {
  return erasing('randomErasing', options, 0.5);
}

function erasing(type: 'cutout' | 'randomErasing', options: ErasingOptions, usual: number): Augmentation {
  const who = `augmentations.${type}`;
  checkOptions(who, options, ['size', 'mode', 'value', 'probability']);
  const [a, b] = checkSizes(who, 'size', options.size);
  const fill = checkFill(who, options, false);
  const { probability = usual } = options;
  const config = { size: sizesConfig([a, b]), ...fillConfig(fill), probability };
  const flag = type === 'cutout';
  return new Augmentation(type, config, probability, (name, { height, width }) => {
    const most = Math.min(height, width);
    if (b > most) {
      throw new InvalidArgumentError(
        `${name}: expected at most ${most} pixels for size, for images of ${height}x${width}, received ${b}.`,
      );
    }
    return { kind: StepKind.erase, a, b, flag, fill };
  });
}
