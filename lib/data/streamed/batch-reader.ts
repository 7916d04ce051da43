import { DataError, InvalidArgumentError } from '../../errors/index.js';
import { describe } from '../../util/describe.js';
import { sizeOf } from '../../util/shape.js';
import { type BatchStream, checkBatch } from './batch-stream.js';

/** Copied on the main thread at once, at most. */
const MOST_VALUES = 2 ** 18;

type Deliver = (first: number, images: Uint8Array | Float32Array, labels: Int32Array) => void;

/** Takes samples out of batches of any size, in their order. */
export class BatchReader {
  readonly #stream: BatchStream;
  readonly #iterator: AsyncIterator<unknown> | Iterator<unknown>;
  readonly #ofEpoch: boolean;
  #images: Uint8Array | Float32Array = new Uint8Array(0);
  #labels: Int32Array = new Int32Array(0);
  #position = 0;

  /** @param ofEpoch whether it is closed when an epoch has its samples */
  constructor(stream: BatchStream, iterator: AsyncIterator<unknown> | Iterator<unknown>, ofEpoch: boolean) {
    this.#stream = stream;
    this.#iterator = iterator;
    this.#ofEpoch = ofEpoch;
  }

  /** Hands over the next samples, in parts, each with its place among them. @throws DataError when there are fewer */
  async take(count: number, deliver: Deliver, signal: AbortSignal): Promise<void> {
    const features = sizeOf(this.#stream.shape);
    const most = Math.max(1, Math.floor(MOST_VALUES / features));
    for (let taken = 0; taken < count; ) {
      signal.throwIfAborted();
      if (this.#labels.length === 0) await this.#next(count - taken);
      const part = Math.min(count - taken, this.#labels.length, most);
      deliver(taken, this.#images.subarray(0, part * features), this.#labels.subarray(0, part));
      this.#images = this.#images.subarray(part * features);
      this.#labels = this.#labels.subarray(part);
      this.#position += part;
      taken += part;
      // Timers fire between the parts of a large batch, and where a source gives nothing for ever.
      const isLarge = this.#labels.length > 0 && taken < count;
      if (isLarge || part === 0) await new Promise(setImmediate);
    }
  }

  /** Ends the epoch. An iterator that is read on stays open. */
  async end(): Promise<void> {
    if (this.#ofEpoch) await this.#iterator.return?.();
  }

  async #next(missing: number): Promise<void> {
    const next: unknown = await this.#iterator.next();
    if (typeof next !== 'object' || next === null) {
      throw new InvalidArgumentError(
        `datasets.fromBatches: expected { done, value } from the iterator's next(), received ${describe(next)}. ` +
          'Write async function* () {...}.',
      );
    }
    const { done, value } = next as IteratorResult<unknown>;
    if (!done) {
      const { images, labels } = checkBatch(this.#stream, value, this.#position);
      this.#images = images;
      this.#labels = labels;
      return;
    }
    throw new DataError(
      `datasets.fromBatches: expected at least ${missing} more samples, received the end after ${this.#position}. ` +
        'Give fewer stepsPerEpoch, the right size, or a function, which begins anew each epoch.',
    );
  }
}
