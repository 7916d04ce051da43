import { CnnativeError } from './cnnative-error.js';

/** Training cannot go on: the loss is no longer a number, memory does not suffice, or the model is busy or not ready to train. */
export class TrainingError extends CnnativeError {
  override readonly name = 'TrainingError';
  declare readonly code: 'ERR_TRAINING';

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_TRAINING', message, options);
  }
}
