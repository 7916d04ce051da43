import { DataError, InvalidArgumentError, ShapeError } from '../../errors/index.js';
import { checkChoice, checkInteger } from '../../util/check.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { type Shape, sizeOf } from '../../util/shape.js';
import { BatchReader } from './batch-reader.js';
import { firstNotFinite, type SampleElement } from './sample-element.js';
import { checkReadAhead, checkSampleShape, type ReadAheadOptions } from './streamed-dataset.js';

const WHO = 'datasets.fromBatches';
/** Samples of an epoch, which are counted in 32 bits. */
export const MOST_SAMPLES = 2 ** 31 - 1;

/** Some samples and their labels. */
export interface SampleBatch {
  /** Samples one after another, of the stream's type. Copied before the next batch is asked for. */
  readonly images: Uint8Array | Float32Array;
  /** The class of each. */
  readonly labels: Int32Array | Uint8Array | readonly number[];
}

/** A function that begins anew at every call, or something to go through once. */
export type BatchSource =
  | (() => AsyncIterable<SampleBatch> | Iterable<SampleBatch>)
  | AsyncIterable<SampleBatch>
  | Iterable<SampleBatch>;

export interface FromBatchesOptions extends ReadAheadOptions {
  /** Shape of one sample: `[C, H, W]`, or `[features]`. */
  shape: readonly number[];
  /**
   * Number of classes; every label must be below it.
   * @default the number of `classNames`, one of which must be given
   */
  classes?: number;
  /** Names of the classes, in the order of their labels. */
  classNames?: readonly string[];
  /**
   * Samples of an epoch, where that is known.
   * @default unknown: then `fit` needs `stepsPerEpoch`, and the stream cannot be evaluated
   */
  size?: number;
  /**
   * What samples consist of: pixels from 0 to 255 (`Uint8Array`), or finite numbers (`Float32Array`).
   * @default 'uint8'
   */
  element?: SampleElement;
}

/** Samples that come in an order of their own, in batches of any size. `fit` takes it like a set. */
export class BatchStream {
  /** Samples of an epoch; `Infinity` where that is not known. */
  readonly size: number;
  readonly shape: Shape;
  readonly classes: number;
  readonly classNames?: readonly string[];
  readonly element: SampleElement;
  /** Bytes of samples read before their turn. */
  readonly readAhead: number;
  readonly #source: BatchSource;
  #once: BatchReader | undefined;

  constructor(source: BatchSource, options: FromBatchesOptions) {
    checkOptions(WHO, options, ['shape', 'classes', 'classNames', 'size', 'element', 'readAhead']);
    const { classNames, classes = classNames?.length, size, element = 'uint8' } = options;
    if (typeof source !== 'function' && !isIterable(source)) {
      throw new InvalidArgumentError(
        `${WHO}: expected an async iterable of batches, or a function that gives one, received ${describe(source)}.`,
      );
    }
    this.#source = source;
    this.shape = checkSampleShape(WHO, options.shape);
    this.classes = checkInteger(WHO, 'classes', classes, 1);
    const isName = (name: unknown) => typeof name === 'string';
    if (classNames !== undefined) {
      if (!Array.isArray(classNames) || classNames.length !== this.classes || ![...classNames].every(isName)) {
        throw new InvalidArgumentError(
          `${WHO}: expected a name for each of the ${this.classes} classes for classNames, received ${describe(classNames)}.`,
        );
      }
      this.classNames = classNames;
    }
    this.size = size === undefined ? Infinity : checkInteger(WHO, 'size', size, 1, MOST_SAMPLES);
    this.element = checkChoice(WHO, 'element', element, ['uint8', 'float32']);
    this.readAhead = checkReadAhead(WHO, options.readAhead);
  }

  /** Begins an epoch of which so many samples are done: anew where the source is a function, else where the last epoch ended. @internal */
  begin(skip: number): { reader: BatchReader; skip: number } {
    if (typeof this.#source === 'function') {
      return { reader: new BatchReader(this, iteratorOf(this.#source()), true), skip };
    }
    if (skip > 0) {
      throw new InvalidArgumentError(
        `${WHO}: expected a function that gives batches, to go on in the middle of an epoch, received an iterable, which does not ` +
          'begin anew. Give async function* () {...} itself, without calling it.',
      );
    }
    this.#once ??= new BatchReader(this, iteratorOf(this.#source), false);
    return { reader: this.#once, skip: 0 };
  }
}

/**
 * Batches of an async generator, or of anything else to iterate over, as what a model trains on.
 *
 * ```ts
 * const stream = datasets.fromBatches(
 *   async function* () {
 *     for await (const { pixels, digits } of source()) yield { images: pixels, labels: digits };
 *   },
 *   { shape: [1, 28, 28], classes: 10 },
 * );
 * await model.fit(stream, { epochs: 3, stepsPerEpoch: 100 });
 * ```
 *
 * Samples are taken as they come: batches may be of any size, and steps take `batchSize` of them whatever they were yielded in. A
 * function is called for each epoch, and its iterator is closed when the epoch has its samples; an iterable is read on from
 * epoch to epoch, and what was read ahead is lost when a training is stopped.
 *
 * @throws InvalidArgumentError or ShapeError when an option is not what it should be
 */
export function fromBatches(source: BatchSource, options: FromBatchesOptions): BatchStream {
  return new BatchStream(source, options);
}

function isIterable(source: unknown): boolean {
  return typeof source === 'object' && source !== null && (Symbol.asyncIterator in source || Symbol.iterator in source);
}

function iteratorOf(iterable: unknown): AsyncIterator<unknown> | Iterator<unknown> {
  const { [Symbol.asyncIterator]: asynchronous, [Symbol.iterator]: synchronous } = (iterable ?? {}) as Record<
    symbol,
    (() => Iterator<unknown>) | undefined
  >;
  const begin = asynchronous ?? synchronous;
  if (typeof begin === 'function') return begin.call(iterable);
  throw new InvalidArgumentError(
    `${WHO}: expected a function that gives something to iterate over, received one that gives ${describe(iterable)}. ` +
      'Write async function* () {...}.',
  );
}

/** A batch checked, with labels as native code reads them. */
export function checkBatch(
  { shape, element, classes }: Pick<BatchStream, 'shape' | 'element' | 'classes'>,
  batch: unknown,
  position: number,
): { images: Uint8Array | Float32Array; labels: Int32Array } {
  const place = `${WHO}: expected the batch from sample ${position} on`;
  const { images, labels } = (typeof batch === 'object' && batch !== null ? batch : {}) as Partial<SampleBatch>;
  const Kind = element === 'uint8' ? Uint8Array : Float32Array;
  const isList = labels instanceof Int32Array || labels instanceof Uint8Array || Array.isArray(labels);
  if (!(images instanceof Kind) || !isList) {
    const received =
      images === undefined && labels === undefined
        ? describe(batch)
        : `images: ${describe(images)}, labels: ${describe(labels)}`;
    const other = element === 'uint8' ? 'float32' : 'uint8';
    const isOther = images instanceof (element === 'uint8' ? Float32Array : Uint8Array);
    const otherElement = isOther ? ` Pass element: '${other}' for such images.` : '';
    throw new InvalidArgumentError(
      `${place} to be { images: ${Kind.name}, labels: Int32Array, Uint8Array or array }, received ${received}.${otherElement}`,
    );
  }
  if (images.length !== labels.length * sizeOf(shape)) {
    throw new ShapeError(
      `${place} to hold ${sizeOf(shape)} values for each of its ${labels.length} labels, received ${images.length} values.`,
    );
  }
  const wrong = [...labels].findIndex((label) => !Number.isInteger(label) || label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new InvalidArgumentError(
      `${place} to have labels from 0 to ${classes - 1}, received ${describe(labels[wrong])} at position ${wrong}.`,
    );
  }
  const bad = firstNotFinite(images);
  if (bad >= 0) {
    const features = sizeOf(shape);
    throw new DataError(
      `${place} to have finite numbers, received ${images[bad]} at value ${bad % features} of sample ` +
        `${position + Math.floor(bad / features)}. Replace such values or leave their samples out.`,
    );
  }
  return { images, labels: Int32Array.from(labels) };
}
