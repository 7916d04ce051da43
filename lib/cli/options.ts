// Options that several commands have, and readers of option values.
import { InvalidArgumentError, Option } from 'commander';
import { DATASET_NAMES } from './names.js';

/** A reader of integers, for `Option.argParser`. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return (text) => {
    const value = /^[+-]?\d+$/.test(text) ? Number(text) : Number.NaN;
    if (Number.isSafeInteger(value) && value >= least && value <= most) return value;
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

export function datasetOption(): Option {
  return new Option('--dataset <name>', 'data set').choices(DATASET_NAMES).makeOptionMandatory();
}

export function dataOption(): Option {
  const places = 'CNNATIVE_DATA/mnist, the cache folder, a download';
  return new Option('--data <dir>', `folder of the four files of mnist (default: ${places})`);
}

export function threadsOption(): Option {
  return new Option(
    '--threads <n>',
    'threads to work with; results do not depend on it (default: see cnnative info)',
  ).argParser(integer(1, 1024));
}

export function jsonOption(what: string): Option {
  return new Option('--json', what);
}
