/**
 * The base of every error this package throws on purpose: `error instanceof CnnativeError` tells ours from a bug.
 *
 * Messages have one form: who, what was expected for which name, what was received, and the way out.
 */
export class CnnativeError extends Error {
  override readonly name: string = 'CnnativeError';

  /** A stable name of the kind of error, such as `'ERR_SHAPE'`: the text may change between versions, this does not. */
  readonly code: string;

  /** @param options `cause`, the error that led to this one. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
