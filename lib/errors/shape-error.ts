import { CnnativeError } from './cnnative-error.js';

/** Shapes do not fit: a layer with its input, an array with the shape given for it, data with a model's input. */
export class ShapeError extends CnnativeError {
  override readonly name = 'ShapeError';
  declare readonly code: 'ERR_SHAPE';

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_SHAPE', message, options);
  }
}
