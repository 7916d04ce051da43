// Options that several commands have, and readers of option values.
import { InvalidArgumentError, Option } from 'commander';
import { BYTES_FORM, parseBytes } from '../util/bytes.js';
import { DATASET_NAMES } from './names.js';

/** A reader of integers, for `Option.argParser`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
    // The largest there is goes without saying, but for who went beyond it.
    const range =
      most === Number.MAX_SAFE_INTEGER && !(value > most) ? `of at least ${least}` : `from ${least} to ${most}`;
    throw new InvalidArgumentError(`Expected an integer ${range}.`);
  };
}

/** A reader of numbers that `accepts` lets pass, for `Option.argParser`. */
export function number(expected: string, accepts: (value: number) => boolean): (text: string) => number {
  return (text) => {
    const value = text.trim() === '' ? Number.NaN : Number(text);
    if (Number.isFinite(value) && accepts(value)) return value;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

/** A reader of numbers above 0, for `Option.argParser`. */
export const positive = number('a number above 0', (value) => value > 0);

/** A reader of paths, for `Option.argParser`: an empty one would mean the folder at work. */
export function path(expected: string, ending = ''): (text: string) => string {
  return (text) => {
    if (text !== '' && text.toLowerCase().endsWith(ending)) return text;
    throw new InvalidArgumentError(`Expected ${expected}.`);
  };
}

export function datasetOption(described = 'data set'): Option {
  return new Option('--dataset <name>', described).choices(DATASET_NAMES);
}

export function dataOption(): Option {
  const places = 'CNNATIVE_DATA, the cache folder, a download';
  return new Option(
    '--data <dir>',
    `folder of the set's files, for cifar also the archive (default: ${places})`,
  ).argParser(path('the path of a folder'));
}

export function threadsOption(): Option {
  return new Option(
    '--threads <n>',
    'threads to work with; results do not depend on it (default: see cnnative info)',
  ).argParser(integer(1, 1024));
}

export function memoryLimitOption(): Option {
  return new Option(
    '--memory-limit <size>',
    "refuse what is planned to take more, such as '512MB' (default: the machine's memory)",
  ).argParser((text) => {
    const bytes = parseBytes(text);
    if (Number.isSafeInteger(bytes)) return bytes;
    throw new InvalidArgumentError(`Expected ${BYTES_FORM}.`);
  });
}

export function flipOption(): Option {
  return new Option('--flip', 'take the mean of each image and its mirror image, in twice the time');
}

export function shiftOption(): Option {
  return new Option(
    '--shift <n>',
    'take the mean of each image and of itself moved by n pixels, up and left, down and right, in three times the time',
  ).argParser(integer(0));
}

export function jsonOption(what: string): Option {
  return new Option('--json', what);
}
