import { InvalidArgumentError } from '../errors/index.js';
import { describe } from './describe.js';
import { isPlainObject } from './is-plain-object.js';

/** Rejects what is not an options object, and option names nobody reads: a misspelt option must not be ignored. */
export function checkOptions(who: string, options: unknown, known: readonly string[]): void {
  if (!isPlainObject(options)) {
    throw new InvalidArgumentError(
      `${who}: expected an object for the options, received ${describe(options)}. Give a literal: { name: value }.`,
    );
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new InvalidArgumentError(
        `${who}: expected ${known.length === 0 ? 'no options' : `only the options ${known.join(', ')}`}, received ${describe(name)}. ` +
          (known.length === 0 ? 'Leave it out.' : 'Check its spelling.'),
      );
    }
  }
}
