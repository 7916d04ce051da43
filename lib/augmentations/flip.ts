import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { Augmentation, type ProbabilityOptions, StepKind } from './augmentation.js';

export interface FlipOptions extends ProbabilityOptions {
  /**
   * `random`: drawn anew in each epoch. `alternating`: drawn once for each sample, then every epoch flips what the one before
   * did not, so that two epochs see each sample both ways (airbench, Jordan 2024).
   * @default 'random'
   */
  mode?: 'random' | 'alternating';
}

/** Turns left and right. */
export function horizontalFlip(options: FlipOptions = {}): Augmentation {
  return flip('horizontalFlip', options, StepKind.flipColumns);
}

/** Turns up and down. */
export function verticalFlip(options: FlipOptions = {}): Augmentation {
  return flip('verticalFlip', options, StepKind.flipRows);
}

function flip(type: 'horizontalFlip' | 'verticalFlip', options: FlipOptions, kind: number): Augmentation {
  const who = `augmentations.${type}`;
  checkOptions(who, options, ['mode', 'probability']);
  const { mode = 'random' } = options;
  const flag = checkChoice(who, 'mode', mode, ['random', 'alternating']) === 'alternating';
  if (flag && options.probability !== undefined) {
    throw new InvalidArgumentError(
      `${who}: expected no probability beside mode: 'alternating', which flips half of the samples in each epoch, received ` +
        `${options.probability}. Leave it out.`,
    );
  }
  const { probability = 0.5 } = options;
  return new Augmentation(type, { mode, ...(!flag && { probability }) }, probability, () => ({ kind, flag }));
}
