import { InvalidArgumentError } from '../errors/index.js';
import { checkBoolean } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { Callback } from './callback.js';

/** Functions that a callback may have. */
export const CALLBACK_METHODS = [
  'onTrainBegin',
  'onEpochBegin',
  'onStep',
  'onEpochEnd',
  'onTrainEnd',
  'state',
  'restore',
] as const satisfies readonly (keyof Callback)[];

/** A callback of functions (Keras's LambdaCallback), checked. @throws InvalidArgumentError for names that nobody calls */
export function customCallback(callback: Callback): Callback {
  const who = 'callbacks.custom';
  checkOptions(who, callback, [...CALLBACK_METHODS, 'passive']);
  if (callback.passive !== undefined) checkBoolean(who, 'passive', callback.passive);
  for (const name of CALLBACK_METHODS) {
    const method: unknown = callback[name];
    if (method === undefined || typeof method === 'function') continue;
    throw new InvalidArgumentError(`${who}: expected a function for ${name}, received ${describe(method)}.`);
  }
  return callback;
}
