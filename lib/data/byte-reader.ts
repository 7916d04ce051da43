import type { ChunkedFile } from './file-chunks.js';

const FIRST_CAPACITY = 1024 * 1024;

/** Reads a file in pieces of known length, in order. */
export class ByteReader {
  readonly #file: ChunkedFile;
  #rest = new Uint8Array(0);
  #offset = 0;

  constructor(file: ChunkedFile) {
    this.#file = file;
  }

  /** Unpacked bytes read so far. */
  get offset(): number {
    return this.#offset;
  }

  /** The next `length` bytes in memory of their own; fewer only where the file ends. */
  async read(length: number): Promise<Uint8Array<ArrayBuffer>> {
    // Memory follows the bytes that really come: `length` may be what a damaged header claims.
    let bytes = new Uint8Array(Math.min(length, FIRST_CAPACITY));
    let filled = 0;
    while (filled < length) {
      if (this.#rest.length === 0) {
        const next = await this.#file.chunks.next();
        if (next.done) return bytes.slice(0, filled);
        this.#rest = next.value as Uint8Array<ArrayBuffer>;
      }
      const part = this.#rest.subarray(0, length - filled);
      if (filled + part.length > bytes.length) {
        const grown = new Uint8Array(Math.min(length, Math.max(2 * bytes.length, filled + part.length)));
        grown.set(bytes.subarray(0, filled));
        bytes = grown;
      }
      bytes.set(part, filled);
      filled += part.length;
      this.#offset += part.length;
      this.#rest = this.#rest.subarray(part.length);
    }
    return bytes;
  }

  /** Closes the file. To be called when done, whether the end was reached or not. */
  async close(): Promise<void> {
    await this.#file.chunks.return();
  }
}
