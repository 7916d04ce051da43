import { InvalidArgumentError } from '../errors/index.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { Callback } from './callback.js';

const METHODS = ['onTrainBegin', 'onEpochBegin', 'onStep', 'onEpochEnd', 'onTrainEnd', 'state', 'restore'] as const;

/** A callback of functions (Keras's LambdaCallback), checked. @throws InvalidArgumentError for names that nobody calls */
export function customCallback(callback: Callback): Callback {
  const who = 'callbacks.custom';
  checkOptions(who, callback, METHODS);
  for (const name of METHODS) {
    const method: unknown = callback[name];
    if (method === undefined || typeof method === 'function') continue;
    throw new InvalidArgumentError(`${who}: expected a function for ${name}, received ${describe(method)}.`);
  }
  return callback;
}
