import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { type Shape, sizeOf } from '../util/shape.js';

/** @throws InvalidArgumentError unless there is a name for each output, or two for a single one */
export function checkClassNames(who: string, names: unknown, outputShape: Shape): readonly string[] {
  const outputs = sizeOf(outputShape);
  const count = outputs === 1 ? 2 : outputs;
  const given: unknown[] = Array.isArray(names) ? [...names] : []; // holes become undefined
  if (given.length === count && given.every((name) => typeof name === 'string')) return given as string[];
  throw new InvalidArgumentError(
    `${who}: expected ${count} strings, one for each class, for classNames, received ${describe(names)}.`,
  );
}
