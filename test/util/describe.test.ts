import test from 'ava';
import { describe } from '#lib/util/describe.js';

test('describes any value in a few words', (t) => {
  class Colour {}
  function double() {}
  const cases: [unknown, string][] = [
    [Number.NaN, 'NaN'],
    [-0.5, '-0.5'],
    [7n, '7n'],
    [undefined, 'undefined'],
    [null, 'null'],
    [true, 'true'],
    ['a "b"', '"a \\"b\\""'],
    ['x'.repeat(100), `"${'x'.repeat(60)}..."`],
    [Symbol('s'), 'Symbol(s)'],
    [double, 'the function double'],
    [() => 1, 'a function'],
    [[1, 'a', null], '[1, "a", null]'],
    [[[1], [2]], 'an array of 2'],
    [new Array(100).fill(0), 'an array of 100'],
    [new Float64Array(3), 'Float64Array(3)'],
    [new DataView(new ArrayBuffer(5)), 'DataView(5)'],
    [new Colour(), 'an object of class Colour'],
    [{}, 'an object of class Object'],
    [Object.create(null), 'an object of class Object'],
  ];
  for (const [value, text] of cases) t.is(describe(value), text);
});
