import { InvalidArgumentError } from '../errors/index.js';
import { checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { Augmentation, type ProbabilityOptions, StepKind } from './augmentation.js';

export interface MixingOptions extends ProbabilityOptions {
  /**
   * The share of a sample in its mixture is drawn from the distribution Beta(alpha, alpha): near 0 or 1 for small values.
   * @default 0.2 for `mixup`, 1 for `cutmix`
   */
  alpha?: number;
}

/**
 * `share * image + (1 - share) * other`, and the same of the labels, with a partner drawn from the whole set (Zhang et al., 2018).
 * The steps before it in the list augment both, each in its own way; those after it augment the mixture.
 */
export function mixup(options: MixingOptions = {}): Augmentation {
  return mixing('mixup', options, 0.2, StepKind.mixup);
}

/**
 * Pastes a box of a partner drawn from the whole set, cut off at the edges; labels are mixed by area (Yun et al., 2019). Other steps
 * of the list as with `mixup`.
 */
export function cutmix(options: MixingOptions = {}): Augmentation {
  return mixing('cutmix', options, 1, StepKind.cutmix);
}

function mixing(type: 'mixup' | 'cutmix', options: MixingOptions, usual: number, kind: number): Augmentation {
  const who = `augmentations.${type}`;
  checkOptions(who, options, ['alpha', 'probability']);
  const { alpha = usual, probability = 1 } = options;
  if (checkNumber(who, 'alpha', alpha, 0, 1000) === 0) {
    throw new InvalidArgumentError(`${who}: expected a number above 0 for alpha, received 0. Leave ${type} out.`);
  }
  return new Augmentation(type, { alpha, probability }, probability, () => ({ kind, a: alpha }));
}
