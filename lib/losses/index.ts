import { checkChoice } from '../util/check.js';
import type { Loss, LossName } from './loss.js';
import { SparseCategoricalCrossentropy } from './sparse-categorical-crossentropy.js';

export type { Loss, LossName } from './loss.js';

const LOSSES: Record<LossName, () => Loss> = {
  sparseCategoricalCrossentropy: () => new SparseCategoricalCrossentropy(),
};

/** @throws InvalidArgumentError unless `name` is the name of a loss */
export function lossFromName(who: string, name: unknown): Loss {
  return LOSSES[checkChoice(who, 'loss', name, Object.keys(LOSSES) as LossName[])]();
}
