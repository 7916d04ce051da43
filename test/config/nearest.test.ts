import test from 'ava';
import { nearest } from '#lib/config/nearest.js';

test('a misspelt name is told from an unknown one', (t) => {
  const known = ['epochs', 'batchSize', 'learningRate'];
  t.is(nearest('epoch', known), 'epochs');
  t.is(nearest('EPOCHS', known), 'epochs');
  t.is(nearest('batchsise', known), 'batchSize');
  t.is(nearest('colour', known), undefined);
  t.is(nearest('x'.repeat(100_000), known), undefined);
  t.is(nearest('a', []), undefined);
});
