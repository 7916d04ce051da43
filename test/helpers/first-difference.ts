import { isDeepStrictEqual } from 'node:util';

/** Where two long lists first differ, and in what, for a message that can be read; `undefined` when they are equal. */
export function firstDifference(actual: readonly unknown[], expected: readonly unknown[]): string | undefined {
  const length = Math.max(actual.length, expected.length);
  for (let i = 0; i < length; i++) {
    if (i < actual.length && i < expected.length && isDeepStrictEqual(actual[i], expected[i])) continue;
    const show = (list: readonly unknown[]) => (i < list.length ? JSON.stringify(list[i]) : `nothing: it has ${i}`);
    return `at ${i} of ${expected.length}: ${show(actual)}, expected ${show(expected)}`;
  }
  return undefined;
}
