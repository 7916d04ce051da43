import type { ExecutionContext } from 'ava';
import { CnnativeError } from 'cnnative';

/** Values of every kind that is hardly ever meant. */
export const JUNK: readonly unknown[] = [
  null,
  true,
  false,
  'x',
  '',
  '3',
  Number.NaN,
  Number.POSITIVE_INFINITY,
  Number.NEGATIVE_INFINITY,
  -1,
  -0.5,
  0,
  1.5,
  2 ** 53,
  1e300,
  10n,
  Symbol('s'),
  {},
  { length: 3 },
  [],
  [undefined],
  [Number.NaN, 1],
  [[1], 1],
  [1, 1, 1, 1, 1],
  new Array(2), // holes only
  new Array(3),
  new Array(4),
  () => 1,
  new Date(0),
  new Map([['epochs', 2]]),
  new Set([1]),
  new Uint8Array(0),
  new Float64Array(4),
  new ArrayBuffer(8),
  Promise.resolve(1),
  new AbortController().signal,
];

/** JUNK without the values that are allowed after all. */
export const junkBut = (...allowed: unknown[]) =>
  JUNK.filter((value) => !allowed.some((other) => Object.is(value, other)));
/** Plain objects among them. */
export const objects = JUNK.filter((value) => Object.getPrototypeOf(value ?? 1) === Object.prototype);
/** Arrays of nothing among them. */
export const emptyArrays = JUNK.filter((value) => Array.isArray(value) && value.length === 0);

/** Anything may be called with anything: types are for TypeScript's users alone. */
// biome-ignore lint/suspicious/noExplicitAny: this file is about values of the wrong type
export type Anything = any;

/** The call must fail with one of our errors, which says what was expected and received. */
export async function refused(
  t: ExecutionContext,
  what: string,
  call: () => unknown,
): Promise<CnnativeError | undefined> {
  try {
    await call();
  } catch (error) {
    if (error instanceof CnnativeError && /^[\s\S]+: expected [\s\S]+received /.test(error.message)) {
      t.regex(error.code, /^ERR_(INVALID_ARGUMENT|SHAPE|TRAINING)$/);
      return error;
    }
    t.fail(`${what}: ${String(error)}`);
    return undefined;
  }
  t.fail(`${what}: accepted`);
  return undefined;
}

/** A value as the message of a failed test shows it. */
export function show(value: unknown): string {
  try {
    return `${typeof value} ${JSON.stringify(value) ?? String(value)}`;
  } catch {
    return `${typeof value} ${String(value)}`;
  }
}

/** Each bad value of each option must be refused with an error that names the option. */
export async function refusesOptions(
  t: ExecutionContext,
  call: (options: Anything) => unknown,
  good: object,
  bad: Record<string, readonly unknown[]>,
): Promise<void> {
  await t.notThrowsAsync(async () => call(good));
  for (const [name, values] of Object.entries(bad)) {
    for (const value of values) {
      const error = await refused(t, `${name}: ${show(value)}`, () => call({ ...good, [name]: value }));
      t.true(error?.message.includes(name), `${name}: ${error?.message}`);
    }
  }
  const misspelt = `${Object.keys(bad)[0]}s`;
  const error = await refused(t, misspelt, () => call({ ...good, [misspelt]: 1 }));
  t.true(error?.message.includes(`received "${misspelt}"`), error?.message);
}

/** Names that no layer may have. */
export const NAMES = [...junkBut('x', '3'), 'a b', 'a/b', 'é', ' '];

/** Numbers of JUNK without a sign. */
export const POSITIVE = [0, 1.5, 2 ** 53, 1e300];

/** Arrays among them that are weights. */
export const arraysOfNumbers = JUNK.filter(
  (value) => /^(|1,1|1,1,1,1,1|0,0,0,0)$/.test(String(value)) && typeof value === 'object',
);
