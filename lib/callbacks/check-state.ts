import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';

type Kind = 'number' | 'number or null' | 'object' | 'object or null' | 'file name';

/**
 * What `state` gave, come back from a file: numbers that are not finite have no place in JSON, so that states hold none.
 *
 * @throws InvalidArgumentError when it has other names or kinds of values
 */
export function checkState<State>(who: string, state: unknown, kinds: { readonly [Name in keyof State]: Kind }): State {
  const fits = (value: unknown, kind: Kind) =>
    kind.split(' or ').some((one) => {
      if (one === 'null') return value === null;
      if (one === 'number') return Number.isFinite(value);
      if (one === 'file name') return typeof value === 'string' && /^[\w.-]+$/.test(value);
      return isPlainObject(value);
    });
  if (isPlainObject(state)) {
    const wrong = Object.entries<Kind>(kinds).find(([name, kind]) => !fits(state[name], kind));
    if (!wrong) return state as State;
    const [name, kind] = wrong;
    throw new InvalidArgumentError(
      `${who}: expected a ${kind} for ${name} of the state to restore, received ${describe(state[name])}. The checkpoint is ` +
        'of another callback: give those of the training that made it, in their order.',
    );
  }
  throw new InvalidArgumentError(
    `${who}: expected an object for the state to restore, received ${describe(state)}. The checkpoint is of another ` +
      'callback: give those of the training that made it, in their order.',
  );
}
