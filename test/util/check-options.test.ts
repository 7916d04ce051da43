import test from 'ava';
import { InvalidArgumentError } from 'cnnative';
import { checkOptions } from '#lib/util/check-options.js';

test('accepts known options, also left out or undefined', (t) => {
  t.notThrows(() => checkOptions('thing', { size: 1, name: undefined }, ['size', 'name', 'more']));
  t.notThrows(() => checkOptions('thing', {}, ['size']));
});

test('names a misspelt option and the known ones', (t) => {
  t.throws(() => checkOptions('thing', { sise: 1 }, ['size', 'name']), {
    instanceOf: InvalidArgumentError,
    message: 'thing: expected only the options size, name, received "sise". Check its spelling.',
  });
});

test('rejects options that are no object', (t) => {
  for (const options of [null, undefined, 3, 'size', [1]]) {
    t.throws(() => checkOptions('thing', options, ['size']), { instanceOf: InvalidArgumentError, message: /^thing: / });
  }
});
