import { augmentationFrom } from '../augmentations/from-option.js';
import { toAugmentations } from '../augmentations/options.js';
import { at } from './at.js';
import type { GivenConfig } from './config.js';

/**
 * What a schema cannot say of augmentations, such as that the least of a range comes first: they are made for it. Whether they suit the
 * images is known when the data are.
 *
 * @throws InvalidArgumentError, which names the place, unless each can be made, and all go together
 */
export function checkAugment({ augment = [] }: GivenConfig): void {
  const made = (augment as readonly unknown[]).map((one, i) =>
    at(`augment[${i}]`, () => augmentationFrom(`augment[${i}]`, one)),
  );
  toAugmentations('the configuration', made);
}
