import { CnnativeError } from './cnnative-error.js';

/** A saved model cannot be read: a file is missing, cut short, damaged or of a newer format. */
export class ModelFileError extends CnnativeError {
  override readonly name = 'ModelFileError';
  declare readonly code: 'ERR_MODEL_FILE';

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_MODEL_FILE', message, options);
  }
}
