import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { FloatArray } from '../native.js';
import type { Numbers } from '../program/array-run.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';
import { formatShape, type Shape, sizeOf } from '../util/shape.js';

/** An array that holds itself would have no end. */
const MOST_AXES = 32;

/** Numbers in arrays in arrays, all of a level equally long. */
export type NestedArray = readonly (number | NestedArray)[];

/** Numbers one after another, the last axis fastest, and the sizes of the axes. */
export interface FlatArray {
  readonly data: Numbers;
  readonly shape: Shape;
}

/** What ops take: nested arrays, or flat ones with a shape. */
export type ArrayLikeInput = NestedArray | FlatArray;

/** A flat result. */
export interface OpArray {
  readonly data: FloatArray;
  readonly shape: number[];
}

/** The kind of array that an op gives for one that it was given, of the same number of axes. */
export type SameKind<T> = T extends FlatArray ? OpArray : T extends NestedArray ? Widened<T> : never;

/** The same for a result that may have other axes. */
export type SomeKind<T> = T extends FlatArray ? OpArray : NestedArray;

/** Nested arrays without what a literal says of lengths and values. */
type Widened<T> = T extends readonly number[]
  ? number[]
  : T extends readonly (infer Element)[]
    ? Widened<Element>[]
    : never;

/** A checked array. */
export interface Parsed {
  readonly data: Numbers;
  readonly shape: Shape;
  readonly nested: boolean;
}

/** @throws InvalidArgumentError or ShapeError unless `value` is an array of numbers with a shape */
export function parseArray(who: string, name: string, value: unknown): Parsed {
  if (Array.isArray(value)) return parseNested(who, name, value);
  if (!isPlainObject(value)) {
    throw new InvalidArgumentError(
      `${who}: expected nested arrays of numbers or { data, shape } for ${name}, received ${describe(value)}.`,
    );
  }
  const { data, shape } = value;
  if (!isNumbers(data)) {
    throw new InvalidArgumentError(
      `${who}: expected a Float32Array or another array of numbers for the data of ${name}, received ${describe(data)}.`,
    );
  }
  const sizes: unknown[] = Array.isArray(shape) ? [...shape] : [];
  const good = sizes.length > 0 && sizes.every((size) => Number.isSafeInteger(size) && (size as number) >= 1);
  if (!good || sizeOf(sizes as number[]) !== data.length) {
    throw new ShapeError(
      `${who}: expected a shape for the ${data.length} values of ${name}, received ${describe(shape)}.`,
    );
  }
  return { data, shape: sizes as number[], nested: false };
}

/** Zeros to hold numbers as other results hold them: doubles for a Float64Array, which nested arrays are read into, else float32. */
export function zerosFor(data: Numbers, length: number): FloatArray {
  return data instanceof Float64Array ? new Float64Array(length) : new Float32Array(length);
}

/** The array in the kind that another was given in. */
export function likeGiven({ nested }: Pick<Parsed, 'nested'>, data: FloatArray, shape: Shape): OpArray | NestedArray {
  return nested ? nest(data, shape) : { data, shape: [...shape] };
}

function isNumbers(data: unknown): data is Numbers {
  if (Array.isArray(data)) return [...data].every((value) => typeof value === 'number');
  return (
    ArrayBuffer.isView(data) && 'length' in data && !(data instanceof BigInt64Array || data instanceof BigUint64Array)
  );
}

function parseNested(who: string, name: string, value: readonly unknown[]): Parsed {
  const shape: number[] = [];
  for (let level: unknown = value; Array.isArray(level); level = level[0]) {
    if (level.length === 0)
      throw new ShapeError(`${who}: expected arrays that are not empty for ${name}, received [].`);
    if (shape.length === MOST_AXES)
      throw new ShapeError(
        `${who}: expected at most ${MOST_AXES} axes of ${name}, received arrays nested more deeply.`,
      );
    shape.push(level.length);
  }
  const data = new Float64Array(sizeOf(shape));
  let filled = 0;
  const visit = (element: unknown, axis: number): void => {
    if (axis === shape.length) {
      if (typeof element !== 'number') {
        throw new InvalidArgumentError(`${who}: expected numbers in ${name}, received ${describe(element)}.`);
      }
      data[filled++] = element;
    } else if (Array.isArray(element) && element.length === shape[axis]) {
      for (const part of element) visit(part, axis + 1);
    } else {
      throw new ShapeError(
        `${who}: expected arrays of one length at each level of ${name}, ${formatShape(shape)} by the first of them; ` +
          `received ${describe(element)} where ${shape[axis]} are expected.`,
      );
    }
  };
  visit(value, 0);
  return { data, shape, nested: true };
}

function nest(data: FloatArray, shape: Shape): NestedArray {
  const [length = 0, ...rest] = shape;
  if (rest.length === 0) return Array.from(data);
  const size = sizeOf(rest);
  return Array.from({ length }, (_, i) => nest(data.subarray(i * size, (i + 1) * size), rest));
}
