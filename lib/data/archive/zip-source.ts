import { close, createReadStream, fstatSync, open, openSync, read } from 'node:fs';
import type { Readable } from 'node:stream';
import { RandomAccessReader } from 'yauzl';

type Done = (error: Error | null, bytesRead?: number) => void;

/**
 * The bytes of a zip file, by their places. A damaged archive names places beyond every file, of which Node's own reader would
 * throw where nobody can catch it.
 */
export class ZipSource extends RandomAccessReader {
  readonly size: number;
  readonly #descriptor: number;

  /** @throws Error of the file system when it cannot be opened */
  constructor(path: string) {
    super();
    this.#descriptor = openSync(path, 'r');
    this.size = fstatSync(this.#descriptor).size;
  }

  override read(buffer: Buffer, offset: number, length: number, position: number, done: Done): void {
    if (position >= 0 && position + length <= this.size) read(this.#descriptor, buffer, offset, length, position, done);
    else setImmediate(done, new Error(`a place beyond its end: ${position} of ${this.size} bytes`));
  }

  override _readStreamForRange(start: number, end: number): Readable {
    // A stream that is left early would close the file of all the others, whatever autoClose says.
    const fs = { open, read, close: (_: number, done?: (error: null) => void) => done?.(null) };
    return createReadStream('', { fd: this.#descriptor, start, end: end - 1, fs });
  }

  override close(done: (error: Error | null) => void): void {
    close(this.#descriptor, done);
  }
}
