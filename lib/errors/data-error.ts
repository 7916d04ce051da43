import { CnnativeError } from './cnnative-error.js';

/** A data set cannot be had: a file is missing, damaged or does not agree with another, or a download failed. */
export class DataError extends CnnativeError {
  override readonly name = 'DataError';
  declare readonly code: 'ERR_DATA';

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_DATA', message, options);
  }
}
