import { CnnativeError } from './cnnative-error.js';

/** An option or argument of a call is missing, misspelt, of the wrong type or out of its range. */
export class InvalidArgumentError extends CnnativeError {
  override readonly name = 'InvalidArgumentError';
  declare readonly code: 'ERR_INVALID_ARGUMENT';

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_INVALID_ARGUMENT', message, options);
  }
}
