import test from 'ava';
import { RecentlyUsed } from '#lib/util/recently-used.js';

/** The keys that were made while these were asked for. */
function madeFor(most: number, asked: string): string {
  const values = new RecentlyUsed<{ key: string }>(most);
  let made = '';
  for (const key of asked) {
    const value = values.get(key, () => {
      made += key;
      return { key };
    });
    if (value.key !== key) throw new Error(`${value.key} for ${key}`);
  }
  return made;
}

test('a value is made at its first use, and the same one from then on', (t) => {
  t.is(madeFor(3, 'abcabccba'), 'abc');
});

test('the one unused for the longest is forgotten', (t) => {
  t.is(madeFor(2, 'abacab'), 'abcb');
  t.is(madeFor(1, 'aabba'), 'aba');
});

test('after clear all are made anew', (t) => {
  const values = new RecentlyUsed<object>(2);
  const first = values.get('a', () => ({}));
  values.clear();
  t.not(
    values.get('a', () => ({})),
    first,
  );
});
