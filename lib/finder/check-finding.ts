import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import type { LearningRateFinding } from './finding.js';

/** @throws InvalidArgumentError unless `finding` has what `findLearningRate` finds, as far as a chart shows it */
export function checkFinding(who: string, finding: LearningRateFinding): LearningRateFinding {
  const wrong = (expected: string, received: unknown) =>
    new InvalidArgumentError(
      `${who}: expected ${expected}, received ${describe(received)}. Give what await findLearningRate(model, data) gives.`,
    );
  if (!isPlainObject(finding)) throw wrong('what findLearningRate found', finding);
  const { rates, losses, smoothedLosses, suggestion } = finding as Partial<LearningRateFinding>;
  const isRate = (rate: unknown) => typeof rate === 'number' && Number.isFinite(rate) && rate > 0;
  if (!Array.isArray(rates) || rates.length === 0 || !rates.every(isRate)) {
    throw wrong('an array of numbers above 0, one at least, for rates', rates);
  }
  for (const [name, values] of Object.entries({ losses, smoothedLosses })) {
    if (Array.isArray(values) && values.length === rates.length) continue;
    throw wrong(`an array of ${rates.length} numbers, one for each of rates, for ${name}`, values);
  }
  if (suggestion !== undefined && !isRate(suggestion))
    throw wrong('a number above 0 or none for suggestion', suggestion);
  return finding;
}
