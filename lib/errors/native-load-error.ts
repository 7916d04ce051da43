import { CnnativeError } from './cnnative-error.js';

/** The native addon cannot be loaded on this machine, or refuses the instruction set asked for. */
export class NativeLoadError extends CnnativeError {
  override readonly name = 'NativeLoadError';
  declare readonly code: 'ERR_NATIVE_LOAD';

  constructor(message: string, options?: ErrorOptions) {
    super('ERR_NATIVE_LOAD', message, options);
  }
}
