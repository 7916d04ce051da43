import { CALLBACK_METHODS } from '../callbacks/custom.js';
import { type Callback, type CallbackConfig, callbackFromConfig } from '../callbacks/index.js';
import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';

/** @throws InvalidArgumentError unless it is an array of callbacks, each as such or as plain data */
export function checkCallbacks(who: string, callbacks: unknown): readonly Callback[] {
  if (Array.isArray(callbacks)) return [...callbacks].map((callback, i) => checkCallback(who, callback, i));
  throw new InvalidArgumentError(`${who}: expected an array for callbacks, received ${describe(callbacks)}.`);
}

function checkCallback(who: string, callback: unknown, place: number): Callback {
  if (isDescribed(callback)) return callbackFromConfig(`${who} callbacks[${place}]`, callback);
  const known = typeof callback === 'object' && callback !== null && !Array.isArray(callback);
  const wrong = known
    ? CALLBACK_METHODS.find((name) => !['undefined', 'function'].includes(typeof (callback as Callback)[name]))
    : undefined;
  // A literal is read whole: a misspelt method would never be called.
  const strange = isPlainObject(callback)
    ? Object.keys(callback).find((key) => /^on[A-Z]/.test(key) && !CALLBACK_METHODS.some((name) => name === key))
    : undefined;
  if (known && wrong === undefined && strange === undefined) return callback as Callback;
  const received =
    strange ?? (wrong === undefined ? describe(callback) : `${describe((callback as Callback)[wrong])} for ${wrong}`);
  throw new InvalidArgumentError(
    `${who}: expected a callback with functions among ${CALLBACK_METHODS.join(', ')} at position ${place} of callbacks, received ${received}.`,
  );
}

/** A name of a type, and no function that would be called. */
function isDescribed(callback: unknown): callback is CallbackConfig {
  return isPlainObject(callback) && 'type' in callback && !CALLBACK_METHODS.some((name) => name in callback);
}
