import { DataError, InvalidArgumentError, ShapeError } from '../../errors/index.js';
import { memoryLimit } from '../../machine/memory.js';
import { BYTES_FORM, parseBytes } from '../../util/bytes.js';
import { checkChoice, checkSignal } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { orAborted } from '../../util/or-aborted.js';
import { inOrder } from '../../util/permutation.js';
import { type Shape, sizeOf } from '../../util/shape.js';
import { checkIndices } from '../check-indices.js';
import type { Dataset } from '../dataset.js';
import { type Classes, toClasses } from './classes.js';
import { readPieces } from './pieces.js';
import { bytesOf, firstNotFinite, newSamples, type SampleElement } from './sample-element.js';

/**
 * Reads samples: that of `indices[i]` becomes the i-th of `into`, laid out as the set's shape says. Several calls may be under way
 * at once, and `into` is the set's again once the call is done.
 */
export type ReadSamples = (
  indices: Int32Array,
  into: Uint8Array | Float32Array,
  signal: AbortSignal,
) => Promise<void> | void;

/** Options of every set whose samples are read when they are needed. */
export interface ReadAheadOptions {
  /**
   * Memory for samples read before their turn, in bytes or as a size such as `'64MB'`. At least two steps' worth is taken.
   * @default '32MB'
   */
  readAhead?: number | string;
}

export interface StreamedOptions extends ReadAheadOptions {
  /** Reads samples by their indices. */
  read: ReadSamples;
  /** Shape of one sample: `[C, H, W]`, or `[features]`. */
  shape: readonly number[];
  /** The class of each sample: integers from 0. How many there are is the size of the set. */
  labels: Int32Array | Uint8Array | readonly number[];
  /**
   * Number of classes.
   * @default the number of `classNames`, or the largest label + 1
   */
  classes?: number;
  /** Names of the classes, in the order of their labels. */
  classNames?: readonly string[];
  /**
   * What samples consist of: pixels from 0 to 255, or finite numbers.
   * @default 'uint8'
   */
  element?: SampleElement;
}

const WHO = 'datasets.streamed';
const READ_AHEAD = 32e6;

/** A set whose samples are read when they are needed, and whose labels are known ahead. `fit` and `evaluate` take it like one in memory. */
export class StreamedDataset {
  readonly size: number;
  readonly shape: Shape;
  readonly labels: Int32Array;
  readonly classes: number;
  readonly classNames?: readonly string[];
  readonly element: SampleElement;
  /** Bytes of samples read before their turn. */
  readonly readAhead: number;
  readonly #read: ReadSamples;

  /** Options are taken as they are: `datasets.streamed` checks them. */
  constructor(options: {
    readonly shape: Shape;
    readonly classes: Classes;
    readonly element: SampleElement;
    readonly readAhead: number;
    readonly read: ReadSamples;
  }) {
    const { labels, classes, classNames } = options.classes;
    this.size = labels.length;
    this.shape = options.shape;
    this.labels = labels;
    this.classes = classes;
    if (classNames) this.classNames = classNames;
    this.element = options.element;
    this.readAhead = options.readAhead;
    this.#read = options.read;
  }

  /** Reads samples by their indices into an array of exactly their elements. @throws DataError when they cannot be read */
  async read(
    indices: Int32Array,
    into: Uint8Array | Float32Array,
    signal: AbortSignal = new AbortController().signal,
  ): Promise<void> {
    const who = 'StreamedDataset.read';
    const samples = checkIndices(who, indices, this.size);
    const elements = samples.length * sizeOf(this.shape);
    if (!(into instanceof (this.element === 'uint8' ? Uint8Array : Float32Array)) || into.length !== elements) {
      const kind = this.element === 'uint8' ? 'Uint8Array' : 'Float32Array';
      throw new InvalidArgumentError(`${who}: expected a ${kind}(${elements}) for into, received ${describe(into)}.`);
    }
    checkSignal(who, signal);
    signal.throwIfAborted();
    await this.#read(samples, into, signal);
    this.#checkRead(samples, into);
  }

  /** The whole set in memory, for those that fit. @throws DataError when a sample cannot be read; the signal's reason when it is aborted */
  async toMemory(options: { signal?: AbortSignal } = {}): Promise<Dataset> {
    const who = 'StreamedDataset.toMemory';
    checkOptions(who, options, ['signal']);
    const signal = checkSignal(who, options.signal);
    signal?.throwIfAborted();
    const features = sizeOf(this.shape);
    const images = this.#roomForAll(who);
    const stop = new AbortController();
    try {
      const reading = readPieces(this, inOrder(this.size), stop.signal, (first, samples) =>
        images.set(samples, first * features),
      );
      // A read may be stuck.
      await orAborted(reading, signal);
    } finally {
      // Reads that are still under way are told that nobody waits for them.
      stop.abort(signal?.reason);
    }
    const { labels, shape, size, classes, classNames } = this;
    return { images, labels, shape, size, classes, ...(classNames && { classNames }) };
  }

  /** Checks what a function of the user's has done. */
  #checkRead(indices: Int32Array, into: Uint8Array | Float32Array): void {
    if (into.length === 0) {
      throw new InvalidArgumentError(
        `${WHO}: expected read to fill into, received it detached: its memory was transferred. ` +
          'Fill it with a copy of what a worker gives.',
      );
    }
    const bad = firstNotFinite(into);
    if (bad < 0) return;
    const features = sizeOf(this.shape);
    const sample = indices[Math.floor(bad / features)];
    throw new DataError(
      `${WHO}: expected finite numbers from read, received ${into[bad]} at value ${bad % features} of sample ${sample}. ` +
        'Replace such values or leave their samples out.',
    );
  }

  #roomForAll(who: string): Uint8Array | Float32Array {
    const features = sizeOf(this.shape);
    const refusal = (cause?: unknown) =>
      new DataError(
        `${who}: expected a set that fits into one array, received ${this.size} samples of ${features} values. ` +
          'Train on it as it is: fit reads samples when they are needed.',
        { cause },
      );
    // Not even tried: of an array beyond the machine's memory, a worker of Node 26 dies instead of hearing an error.
    if (this.size * features * bytesOf(this.element) > memoryLimit()) throw refusal();
    try {
      return newSamples(this.element, this.size * features);
    } catch (error) {
      throw refusal(error);
    }
  }
}

/**
 * A set that is read by a function, sample by sample as they are needed.
 *
 * ```ts
 * const set = datasets.streamed({
 *   shape: [1, 28, 28],
 *   labels,
 *   read: async (indices, into) => {
 *     for (const [i, index] of indices.entries()) into.set(await fetchPixels(index), i * 784);
 *   },
 * });
 * ```
 *
 * What `read` throws ends the training. Which samples are read in one call, and in which order calls come, is not to be relied on.
 *
 * @throws InvalidArgumentError or ShapeError when an option is not what it should be
 */
export function streamed(options: StreamedOptions): StreamedDataset {
  checkOptions(WHO, options, ['read', 'shape', 'labels', 'classes', 'classNames', 'element', 'readAhead']);
  const { read, element = 'uint8' } = options;
  if (typeof read !== 'function') {
    throw new InvalidArgumentError(
      `${WHO}: expected a function (indices, into, signal) for read, received ${describe(read)}.`,
    );
  }
  return new StreamedDataset({
    shape: checkSampleShape(WHO, options.shape),
    classes: toClasses(WHO, options),
    element: checkChoice(WHO, 'element', element, ['uint8', 'float32']),
    readAhead: checkReadAhead(WHO, options.readAhead),
    read,
  });
}

export function checkReadAhead(who: string, value: unknown): number {
  const bytes = value === undefined ? READ_AHEAD : parseBytes(value);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError(`${who}: expected ${BYTES_FORM} for readAhead, received ${describe(value)}.`);
}

export function checkSampleShape(who: string, shape: unknown): Shape {
  const isSize = (n: unknown) => Number.isSafeInteger(n) && (n as number) >= 1;
  if (Array.isArray(shape) && shape.length > 0 && [...shape].every(isSize)) return [...shape];
  throw new ShapeError(
    `${who}: expected the shape of a sample, such as [1, 28, 28], for shape, received ${describe(shape)}.`,
  );
}
