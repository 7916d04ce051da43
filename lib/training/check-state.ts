import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';

type Check = readonly [what: string, is: (value: unknown) => boolean];

const isNumber = (value: unknown) => typeof value === 'number';
const isNumbers = (value: unknown) => Array.isArray(value) && value.every(isNumber);
/** With room to count on. */
const isCount = (value: unknown) => Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 2 ** 52;

const COUNT: Check = ['an integer from 0', isCount];
/** What is drawn at random follows from 32 bits of it. */
const EPOCHS: Check = ['an integer from 0 to 2^31', (value) => isCount(value) && (value as number) <= 2 ** 31];
const NUMBER: Check = ['a number', isNumber];
const FLAG: Check = ['true or false', (value) => typeof value === 'boolean'];
const OBJECT: Check = ['an object', isPlainObject];

const PARTS: readonly (readonly [path: string, check: Check])[] = [
  ...['', 'conditions', 'counters', 'position', 'position.totals', 'history', 'history.history'].map(
    (path) => [path, OBJECT] as const,
  ),
  ['counters.epochs', EPOCHS],
  ...['steps', 'updates'].map((name) => [`counters.${name}`, COUNT] as const),
  ['position.epoch', ['an integer from 1', (value) => isCount(value) && value !== 0]],
  ...['stepsBefore', 'epochStep'].map((name) => [`position.${name}`, COUNT] as const),
  ...['epochBegun', 'stopped'].map((name) => [`position.${name}`, FLAG] as const),
  ...['loss', 'correct', 'samples'].map((name) => [`position.totals.${name}`, NUMBER] as const),
  ['position.milliseconds', NUMBER],
  ['learningRateFactor', ['a number from 0', (value) => Number.isFinite(value) && (value as number) >= 0]],
  ['history.epoch', ['an array of integers', (value) => Array.isArray(value) && value.every(isCount)]],
  ['history.seconds', NUMBER],
  ['history.imagesPerSecond', NUMBER],
  [
    'history.history',
    [
      'arrays of numbers',
      (value) => Object.values(value as object).every(isNumbers) && Object.hasOwn(value as object, 'loss'),
    ],
  ],
  [
    'callbacks',
    [
      'an array of callbacks with their types',
      (value) => Array.isArray(value) && value.every((one) => isPlainObject(one) && typeof one.type === 'string'),
    ],
  ],
  [
    'best',
    [
      'nothing, or a number and its step',
      (value) => value === undefined || (isPlainObject(value) && isNumber(value.value) && isCount(value.step)),
    ],
  ],
];

/** What is wrong with the state in a checkpoint, before anything is taken from it: what was expected, and what was received. */
export function faultOfState(state: unknown): string | undefined {
  for (const [path, [what, is]] of PARTS) {
    const value = valueAt(state, path);
    if (!is(value)) return `${describe(value)} where ${what} is expected for ${path || 'its state'}`;
  }
  return undefined;
}

function valueAt(state: unknown, path: string): unknown {
  if (path === '') return state;
  return path
    .split('.')
    .reduce<unknown>(
      (owner, name) => (isPlainObject(owner) && Object.hasOwn(owner, name) ? owner[name] : undefined),
      state,
    );
}
