import { CnnativeError, InvalidArgumentError } from '../errors/index.js';

/** Says where in the configuration something failed. */
export function at<T>(path: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (!(error instanceof CnnativeError) || error.message.startsWith(path)) throw error;
    throw new InvalidArgumentError(`${path}: ${error.message}`, { cause: error });
  }
}
