import { DataError, InvalidArgumentError } from '../../errors/index.js';
import { checkInteger } from '../../util/check.js';
import { describe } from '../../util/describe.js';

/** Labels of a set, and what they stand for. */
export interface Classes {
  readonly labels: Int32Array;
  readonly classes: number;
  readonly classNames?: readonly string[];
}

/** What a user says of them. */
export interface ClassesOptions {
  readonly labels: unknown;
  readonly classes?: unknown;
  readonly classNames?: unknown;
}

/** Checks that labels are classes. @throws InvalidArgumentError when an option is of the wrong type, DataError for a label that is no class */
export function toClasses(who: string, { labels: given, classes: count, classNames: names }: ClassesOptions): Classes {
  const labels = toLabels(who, given);
  const classNames = toNames(who, names);
  const largest = labels.reduce((a, b) => Math.max(a, b), 0);
  const classes = count === undefined ? (classNames?.length ?? largest + 1) : checkInteger(who, 'classes', count, 1);
  if (classNames && classNames.length !== classes) {
    throw new InvalidArgumentError(
      `${who}: expected a name for each of the ${classes} classes for classNames, received ${describe(names)}.`,
    );
  }
  const wrong = labels.findIndex((label) => label < 0 || label >= classes);
  if (wrong >= 0) {
    throw new DataError(
      `${who}: expected labels from 0 to ${classes - 1}, received ${labels[wrong]} at position ${wrong}. ` +
        'Give the number of classes, or as many names.',
    );
  }
  return { labels, classes, ...(classNames && { classNames }) };
}

function toLabels(who: string, given: unknown): Int32Array {
  const isList = given instanceof Int32Array || given instanceof Uint8Array || Array.isArray(given);
  if (!isList || given.length === 0) {
    throw new InvalidArgumentError(
      `${who}: expected an Int32Array, a Uint8Array or an array of integers, not empty, for labels, received ${describe(given)}.`,
    );
  }
  if (given instanceof Int32Array) return given;
  const wrong = [...given].findIndex((label) => !Number.isInteger(label) || label < 0 || label >= 2 ** 31);
  if (wrong < 0) return Int32Array.from(given as ArrayLike<number>);
  throw new DataError(
    `${who}: expected integers from 0 for labels, received ${describe(given[wrong])} at position ${wrong}.`,
  );
}

function toNames(who: string, names: unknown): readonly string[] | undefined {
  if (names === undefined) return undefined;
  if (Array.isArray(names) && names.length > 0 && [...names].every((name) => typeof name === 'string')) return names;
  throw new InvalidArgumentError(
    `${who}: expected a non-empty array of strings for classNames, received ${describe(names)}.`,
  );
}
