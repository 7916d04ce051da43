import { DataError } from '../errors/index.js';

/** What the ways to get a set are called where it was asked for. */
export interface Ways {
  /** The option that says where its files are. */
  readonly dir: string;
  /** The set that needs no files. */
  readonly digits: string;
}

const HERE: Ways = { dir: 'dir', digits: 'datasets.digits()' };

/** A set is not where it should be and cannot be fetched; where options have other names than here, the message can name those. */
export class MissingSetError extends DataError {
  readonly calling: (ways: Ways) => string;

  constructor(calling: (ways: Ways) => string, options?: ErrorOptions) {
    super(calling(HERE), options);
    this.calling = calling;
  }
}
