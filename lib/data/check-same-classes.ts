import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import type { TrainingData } from './dataset.js';

/** A set, or a model. */
type Named = TrainingData | { readonly classNames: readonly string[] | undefined };

const OF_SETS = 'Give sets of the same classes in the same order; parts of one imageFolder have them by its split.';
const OF_MODEL = 'Give a set of the classes that the model has, or set model.classNames to those of the set.';

/**
 * Checks that labels mean the same in two places, as far as both have names for them: a label is a place in the list of names, and where
 * one list goes on, nothing else is said of its labels. A set made of others has the first one's names, so none may know more.
 *
 * @param of what has the classes expected, for messages
 * @throws InvalidArgumentError when the names differ
 */
export function checkSameClasses(
  who: string,
  of: 'the model' | 'the training set' | 'the first set',
  first: Named,
  second: Named,
): void {
  const [expected, received] = [namesOf(first), namesOf(second)];
  if (!expected || !received) return;
  const length =
    of === 'the first set' ? Math.max(expected.length, received.length) : Math.min(expected.length, received.length);
  const label = Array.from({ length }).findIndex((_, i) => expected[i] !== received[i]);
  if (label < 0) return;
  const nameIn = (names: readonly string[]) => (label < names.length ? describe(names[label]) : 'none');
  throw new InvalidArgumentError(
    `${who}: expected classNames as ${of} has them, ${nameIn(expected)} for class ${label}, received ${nameIn(received)}. ` +
      `${of === 'the model' ? OF_MODEL : OF_SETS}`,
  );
}

function namesOf(data: Named): readonly string[] | undefined {
  return 'classNames' in data ? data.classNames : undefined;
}
