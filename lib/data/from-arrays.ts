import { Buffer } from 'node:buffer';
import { DataError, InvalidArgumentError, ShapeError } from '../errors/index.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type {
  AnyDataset,
  Dataset,
  DatasetPart,
  MultiInputDataset,
  MultiInputTargetDataset,
  TargetDataset,
} from './dataset.js';
import type {
  FromArraysOptions,
  FromSeveralArraysOptions,
  FromSeveralTargetsOptions,
  FromTargetsOptions,
} from './from-arrays-options.js';
import { toTargets, toWeights } from './target-arrays.js';

const WHO = 'datasets.fromArrays';
const OPTIONS = ['images', 'labels', 'shape', 'classes', 'classNames', 'targets', 'targetShape', 'weights'];

/**
 * A dataset from arrays in memory.
 *
 * ```ts
 * const set = datasets.fromArrays({ images: new Uint8Array(2 * 784), labels: [3, 7], shape: [1, 28, 28], classes: 10 });
 * ```
 *
 * For a model with several inputs, arrays and shapes in their order: `images: [pictures, ages], shape: [[1, 28, 28], [1]]`.
 *
 * With numbers to come close to in place of labels: `{ images, shape: [2], targets: [0.5, 1], targetShape: [1] }`. A set may
 * hold both, and the loss decides which it compares with.
 *
 * @throws InvalidArgumentError when an option has the wrong type
 * @throws ShapeError when `shape` is not a shape or the lengths of the arrays disagree with it
 * @throws DataError when a pixel, target or weight is not finite, or a label is not a class
 */
export function fromArrays(options: FromArraysOptions): Dataset;
export function fromArrays(options: FromSeveralArraysOptions): MultiInputDataset;
export function fromArrays(options: FromTargetsOptions): TargetDataset;
export function fromArrays(options: FromSeveralTargetsOptions): MultiInputTargetDataset;
export function fromArrays(
  options: FromArraysOptions | FromSeveralArraysOptions | FromTargetsOptions | FromSeveralTargetsOptions,
): AnyDataset {
  checkOptions(WHO, options, OPTIONS);
  const several = Array.isArray(options.shape) && options.shape.some(Array.isArray);
  const parts = several ? toParts(options.images, options.shape) : [toPart('', options.images, options.shape)];
  const size = countSamples(parts);
  const weights = toWeights(WHO, options.weights, size);
  const rest = {
    size,
    ...labelsOf(options, size),
    ...toTargets(WHO, options.targets, options.targetShape, size),
    ...(weights && { weights }),
  };
  const samples = several
    ? { images: parts.map(({ images }) => images), shape: parts.map(({ shape }) => shape) }
    : parts[0];
  return { ...samples, ...rest } as AnyDataset;
}

/** Labels with their classes; nothing where targets stand in their place. */
function labelsOf(
  options: {
    readonly [Name in 'targets' | 'labels' | 'classes' | 'classNames']?: FromArraysOptions[Name] | undefined;
  },
  size: number,
): Partial<Dataset> {
  if (options.labels === undefined && options.targets !== undefined) {
    const other = (['classes', 'classNames'] as const).find((name) => options[name] !== undefined);
    if (!other) return {};
    throw new InvalidArgumentError(
      `${WHO}: expected labels beside ${other}, received none. Give labels, or leave ${other} out.`,
    );
  }
  const labels = toLabels(options.labels);
  checkCount(labels, size);
  const classNames = checkClassNames(options.classNames);
  const classes = countClasses(options.classes, classNames, labels);
  return { labels, classes, ...(classNames && { classNames }) };
}

function toParts(images: unknown, shapes: readonly unknown[]): DatasetPart[] {
  if (!Array.isArray(images) || images.length !== shapes.length) {
    throw new InvalidArgumentError(
      `${WHO}: expected an array for each of the ${shapes.length} shapes for images, received ${describe(images)}. ` +
        'Give one shape for one array, or as many arrays as shapes.',
    );
  }
  return Array.from(shapes, (shape, i) => toPart(`[${i}]`, images[i], shape));
}

/** @param place behind the options' names in messages */
function toPart(place: string, images: unknown, shape: unknown): DatasetPart {
  const sample = checkShape(`shape${place}`, shape);
  return { images: toImages(`images${place}`, images), shape: sample };
}

function checkShape(name: string, shape: unknown): readonly number[] {
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) > 0;
  if (!Array.isArray(shape) || (shape.length !== 3 && shape.length !== 1) || ![...shape].every(isSize)) {
    throw new ShapeError(
      `${WHO}: expected [channels, height, width] or [features] of positive integers for ${name}, ` +
        `received ${describe(shape)}. Give the shape of one sample, without the number of samples.`,
    );
  }
  return [...(shape as number[])];
}

function toImages(name: string, images: unknown): Uint8Array | Float32Array {
  if (images instanceof Uint8Array) {
    // A Buffer is a Uint8Array whose slice() and toString() differ: hand out the plain kind, over the same memory.
    return Buffer.isBuffer(images) ? new Uint8Array(images.buffer, images.byteOffset, images.length) : images;
  }
  if (images instanceof Float32Array) {
    rejectNonFinite(name, images, images);
    return images;
  }
  if (Array.isArray(images)) {
    for (let i = 0; i < images.length; i++) {
      if (typeof images[i] !== 'number') {
        throw new InvalidArgumentError(
          `${WHO}: expected numbers in ${name}, received ${describe(images[i])} at index ${i}. ` +
            'Nested arrays must be flattened, sample after sample.',
        );
      }
    }
    const pixels = Float32Array.from(images as number[]);
    rejectNonFinite(name, pixels, images as number[]);
    return pixels;
  }
  throw new InvalidArgumentError(
    `${WHO}: expected a Uint8Array, a Float32Array or an array of numbers for ${name}, received ${describe(images)}. ` +
      'Convert it, for example with Float32Array.from(images).',
  );
}

function rejectNonFinite(name: string, pixels: Float32Array, received: ArrayLike<number>): void {
  for (let i = 0; i < pixels.length; i++) {
    if (!Number.isFinite(pixels[i])) {
      throw new DataError(
        `${WHO}: expected finite float32 values in ${name}, received ${String(received[i])} at index ${i}. ` +
          'Replace such values or leave their samples out.',
      );
    }
  }
}

function toLabels(labels: unknown): Int32Array {
  if (labels instanceof Int32Array) return labels;
  if (labels instanceof Uint8Array) return Int32Array.from(labels);
  if (!Array.isArray(labels)) {
    throw new InvalidArgumentError(
      `${WHO}: expected an Int32Array, a Uint8Array or an array of integers for labels, received ${describe(labels)}. ` +
        'Convert it, for example with Int32Array.from(labels).',
    );
  }
  for (let i = 0; i < labels.length; i++) {
    const label: unknown = labels[i];
    if (!Number.isInteger(label) || (label as number) > 0x7fffffff || (label as number) < 0) {
      throw new DataError(
        `${WHO}: expected class numbers (integers from 0) in labels, received ${describe(label)} at index ${i}. ` +
          'One-hot rows or names must be turned into class numbers.',
      );
    }
  }
  return Int32Array.from(labels as number[]);
}

function countSamples(parts: readonly DatasetPart[]): number {
  const nameOf = (i: number) => (parts.length === 1 ? 'images' : `images[${i}]`);
  const sizes = parts.map(({ images, shape }, i) => {
    const values = shape.reduce((product, size) => product * size, 1);
    const size = images.length / values;
    if (Number.isInteger(size) && size > 0) return size;
    throw new ShapeError(
      `${WHO}: expected a multiple of ${values} values (shape [${shape.join(', ')}]), and at least that many, for ` +
        `${nameOf(i)}, received ${images.length}. Check shape, and that every sample is whole.`,
    );
  });
  const [size = 0] = sizes;
  const other = sizes.findIndex((count) => count !== size);
  if (other > 0) {
    throw new ShapeError(
      `${WHO}: expected as many samples in ${nameOf(other)} as in ${nameOf(0)}, ${size}, received ${sizes[other]}. ` +
        'Check shape, and that the arrays belong together.',
    );
  }
  return size;
}

function checkCount(labels: Int32Array, size: number): void {
  if (labels.length === size) return;
  throw new ShapeError(
    `${WHO}: expected ${size} values (one for each sample in images) for labels, received ${labels.length}. ` +
      'Check shape, and that images and labels belong together.',
  );
}

function checkClassNames(names: unknown): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (!Array.isArray(names) || names.length === 0 || ![...names].every((name) => typeof name === 'string')) {
    throw new InvalidArgumentError(
      `${WHO}: expected a non-empty array of strings for classNames, received ${describe(names)}.`,
    );
  }
  return [...(names as string[])];
}

function countClasses(classes: unknown, names: readonly string[] | undefined, labels: Int32Array): number {
  let largest = 0;
  let largestAt = 0;
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (label < 0) {
      throw new DataError(`${WHO}: expected class numbers from 0 in labels, received ${label} at index ${i}.`);
    }
    if (label > largest) {
      largest = label;
      largestAt = i;
    }
  }
  if (classes === undefined && names === undefined) return largest + 1;
  const count = classes === undefined ? names?.length : classes;
  if (!Number.isInteger(count) || (count as number) < 1 || (count as number) > 0x7fffffff) {
    throw new InvalidArgumentError(`${WHO}: expected a positive integer for classes, received ${describe(classes)}.`);
  }
  if (names !== undefined && names.length !== count) {
    throw new InvalidArgumentError(
      `${WHO}: expected ${String(count)} names (one for each of the classes) for classNames, received ${names.length}.`,
    );
  }
  if (largest >= (count as number)) {
    throw new DataError(
      `${WHO}: expected labels from 0 to ${(count as number) - 1} (${String(count)} classes), received ${largest} at ` +
        `index ${largestAt}. Count labels from 0, or give more classes.`,
    );
  }
  return count as number;
}
