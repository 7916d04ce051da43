import { bytesOf, newSamples, type SampleElement } from '../data/streamed/sample-element.js';
import { type NativeDataset, native } from '../native.js';
import { onAbort } from '../util/on-abort.js';
import { inOrder } from '../util/permutation.js';
import { type Shape, sizeOf } from '../util/shape.js';
import type { ChunkOptions, EpochChunk } from './epoch-chunks.js';
import type { SampleOrder } from './sample-order.js';

/** Chunks in memory at once: one that trains, others that are being read. */
const MOST_CHUNKS = 4;

interface Streamed {
  readonly shape: Shape;
  readonly element: SampleElement;
  readonly readAhead: number;
}

/** How samples get where native code reads them. */
export interface Filling {
  /** Writes the samples of these keys into the first places of a native dataset. */
  fill(into: NativeDataset, keys: Int32Array, signal: AbortSignal): Promise<void>;
}

/** Native datasets in waiting, by their capacity. They are used again, for JavaScript frees native memory late. */
const idle = new WeakMap<Streamed, { capacity: number; datasets: NativeDataset[] }>();

/** Chunks of whole steps, those after the one at work being filled meanwhile. */
export async function* chunksAhead(
  data: Streamed,
  order: SampleOrder,
  { batchSize, done = 0, signal: outer }: ChunkOptions,
  { fill }: Filling,
): AsyncGenerator<EpochChunk> {
  outer?.throwIfAborted();
  const { capacity, chunks } = capacityOf(data, order.length - done, batchSize);
  const slots = new Slots(data, capacity, chunks);
  const stop = new AbortController();
  const stopped = new Promise<never>((_, reject) => {
    stop.signal.addEventListener('abort', () => reject(stop.signal.reason));
  });
  stopped.catch(() => undefined);
  const endWaiting = outer && onAbort(outer, () => stop.abort(outer.reason));

  const ranges = rangesOf(done, order.length, batchSize, capacity);
  const loading: Promise<{ dataset: NativeDataset; keys: Int32Array }>[] = [];
  let before: Promise<unknown> = Promise.resolve();
  const load = async ([first, end]: readonly [number, number]) => {
    // In the order of the chunks, whichever place is ready first: some sources know no other order.
    const taken = before.then(() => slots.take());
    before = taken;
    const dataset = await taken;
    const keys = order.subarray(first, end);
    await fill(dataset, keys, stop.signal);
    return { dataset, keys };
  };
  const loadNext = () => {
    const { value: range } = ranges.next();
    if (!range) return;
    const loaded = load(range);
    // One that fails is met when its turn comes, or never.
    loaded.catch(() => undefined);
    loading.push(loaded);
  };
  for (let i = 0; i < chunks; i++) loadNext();
  try {
    for (let next = loading.shift(); next; next = loading.shift()) {
      const { dataset, keys } = await Promise.race([next, stopped]);
      yield { dataset, order: inOrder(keys.length), keys };
      slots.give(dataset);
      loadNext();
    }
    slots.keep();
  } finally {
    endWaiting?.();
    stop.abort(new Error('The epoch has ended.'));
  }
}

function capacityOf({ shape, element, readAhead }: Streamed, samples: number, batchSize: number) {
  const stepBytes = sizeOf(shape) * bytesOf(element) * batchSize;
  const steps = Math.max(1, Math.floor(readAhead / MOST_CHUNKS / stepBytes));
  const capacity = Math.min(steps, Math.ceil(samples / batchSize)) * batchSize;
  const chunks = Math.floor(readAhead / (stepBytes * steps));
  return { capacity, chunks: Math.min(MOST_CHUNKS, Math.max(2, chunks)) };
}

/** Beginnings and ends of the chunks of an epoch. The first are small, for the first step waits for them. */
function* rangesOf(
  begin: number,
  samples: number,
  batchSize: number,
  capacity: number,
): Generator<readonly [first: number, end: number], undefined> {
  let wanted = batchSize;
  for (let first = begin; first < samples; wanted *= 2) {
    const end = Math.min(samples, first + Math.min(wanted, capacity));
    yield [first, end];
    first = end;
  }
}

/** The native datasets of an epoch. */
class Slots {
  readonly #data: Streamed;
  readonly #capacity: number;
  readonly #free: NativeDataset[];
  readonly #waiting: ((dataset: NativeDataset) => void)[] = [];
  #missing: number;
  #making: Promise<unknown> = Promise.resolve();

  constructor(data: Streamed, capacity: number, count: number) {
    this.#data = data;
    this.#capacity = capacity;
    // Taken out, so that another training on the same set at the same time has its own.
    const kept = idle.get(data);
    this.#free = kept?.capacity === capacity ? kept.datasets : [];
    if (kept?.capacity === capacity) idle.delete(data);
    this.#missing = count - this.#free.length;
  }

  take(): Promise<NativeDataset> {
    const free = this.#free.pop();
    if (free) return Promise.resolve(free);
    if (this.#missing === 0) return new Promise((resolve) => this.#waiting.push(resolve));
    this.#missing--;
    // Clearing the memory of one takes milliseconds: a turn of the event loop for each.
    const made = this.#making.then(() => new Promise(setImmediate)).then(() => this.#make());
    this.#making = made.catch(() => undefined);
    return made;
  }

  give(dataset: NativeDataset): void {
    const next = this.#waiting.shift();
    if (next) next(dataset);
    else this.#free.push(dataset);
  }

  /** Keeps them for the next epoch. Those of other sizes are let go: together they may take what readAhead allows, not each. */
  keep(): void {
    idle.set(this.#data, { capacity: this.#capacity, datasets: this.#free });
  }

  #make(): NativeDataset {
    const features = sizeOf(this.#data.shape);
    const samples = newSamples(this.#data.element, this.#capacity * features);
    return new native.Dataset([{ samples, features }], new Int32Array(this.#capacity));
  }
}
