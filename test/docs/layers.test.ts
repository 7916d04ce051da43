import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import test from 'ava';
import { initializers, layers, losses, metrics, regularizers } from 'cnnative';
import { packageRoot } from '../helpers/cli.js';

test('docs/layers.md has a row for every layer, initializer, regularizer, loss and metric', (t) => {
  const rows = readFileSync(join(packageRoot, 'docs', 'layers.md'), 'utf8').matchAll(/^\| (`.*?) \| /gm);
  const named = [...rows].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`(?:regularizers\.)?(\w+)/g)].map(([, name]) => name),
  );
  // A layer that is told which activation it is has no row among the activations.
  const { activation: _, ...others } = layers;
  for (const name of Object.keys({ ...others, ...initializers, ...regularizers, ...losses, ...metrics })) {
    t.true(named.includes(name), name);
  }
});
