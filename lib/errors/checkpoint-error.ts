import { CnnativeError } from './cnnative-error.js';

/** A checkpoint cannot be written, or none can be read, or the one there is belongs to another training. */
export class CheckpointError extends CnnativeError {
  override readonly name = 'CheckpointError';
  declare readonly code: 'ERR_CHECKPOINT';
  /** The file or folder it is about. */
  readonly path: string;

  constructor(message: string, path: string, options?: ErrorOptions) {
    super('ERR_CHECKPOINT', message, options);
    this.path = path;
  }
}
