import { InvalidArgumentError } from '../../errors/index.js';
import { checkInteger } from '../../util/check.js';
import type { AnyDataset } from '../dataset.js';
import { viewDataset } from '../view.js';
import { checkSet } from './check-set.js';

const WHO = 'datasets.repeat';
const MOST_SAMPLES = 2 ** 28;

/**
 * A set several times over, one after another. Each time a sample counts as one of its own: what augmentations draw for it differs.
 * Pixels are shared, not copied.
 *
 * @throws InvalidArgumentError unless `times` is an integer of at least 1
 */
export function repeat<Set extends AnyDataset>(set: Set, times: number): Set {
  const { size } = checkSet(WHO, set);
  const total = size * checkInteger(WHO, 'times', times, 1);
  if (total <= MOST_SAMPLES)
    return viewDataset(
      set,
      Int32Array.from({ length: total }, (_, i) => i % size),
    );
  throw new InvalidArgumentError(
    `${WHO}: expected at most ${Math.floor(MOST_SAMPLES / size)} for times, for ${size} samples, received ${times}. ` +
      'Train for more epochs instead.',
  );
}
