import { closeSync, fstatSync, ftruncateSync, openSync, readFileSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { TrainingError } from '../errors/index.js';
import { makeFolderSync } from '../util/make-folder.js';

const MOST_BUFFERED = 1 << 16;

/**
 * A file that grows at its end, and can go on from where a checkpoint left it. Small pieces, written synchronously, so that
 * `length` is what the file holds at any moment.
 */
export class LogFile {
  readonly #who: string;
  readonly #path: string;
  readonly #descriptor: number;
  #length: number;
  #waiting: Uint8Array[] = [];
  #bytesWaiting = 0;

  /**
   * @param keep bytes of a file that is there to keep: all with Infinity
   * @throws TrainingError when it cannot be opened
   */
  constructor(who: string, path: string, keep: number) {
    this.#who = who;
    this.#path = path;
    [this.#descriptor, this.#length] = this.#trying(() => {
      makeFolderSync(dirname(path));
      // One that is no file, such as a pipe that nobody reads, would be opened for ever.
      const stats = statSync(path, { throwIfNoEntry: false });
      if (stats && !stats.isFile()) throw new Error('something that is no file');
      const descriptor = openSync(path, 'a');
      try {
        const length = Math.min(keep, fstatSync(descriptor).size);
        ftruncateSync(descriptor, length);
        return [descriptor, length] as const;
      } catch (error) {
        closeSync(descriptor);
        throw error;
      }
    });
  }

  /** Bytes in the file, once what waits is written. */
  get length(): number {
    return this.#length + this.#bytesWaiting;
  }

  /** What the file holds. */
  bytes(): Buffer {
    return this.#trying(() => readFileSync(this.#path));
  }

  /** Leaves out what follows. */
  truncate(length: number): void {
    this.#trying(() => ftruncateSync(this.#descriptor, length));
    this.#length = length;
  }

  /** Adds at the end, at the latest with the next `flush`. */
  add(data: string | Uint8Array): void {
    const bytes = typeof data === 'string' ? Buffer.from(data) : data;
    this.#waiting.push(bytes);
    this.#bytesWaiting += bytes.length;
    if (this.#bytesWaiting >= MOST_BUFFERED) this.flush();
  }

  /** @throws TrainingError when the disk is full, or the file is gone otherwise */
  flush(): void {
    const bytes = Buffer.concat(this.#waiting);
    this.#waiting = [];
    this.#bytesWaiting = 0;
    this.#trying(() => {
      for (let done = 0; done < bytes.length; ) {
        const written = writeSync(this.#descriptor, bytes, done);
        done += written;
        this.#length += written;
      }
    });
  }

  close(): void {
    try {
      this.flush();
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #trying<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new TrainingError(
        `${this.#who}: expected a file that can be written at ${this.#path}, received ${(error as Error).message}.`,
        { cause: error },
      );
    }
  }
}
