import test from 'ava';
import { type Layer, layers } from 'cnnative';
import { keptBy, keptParameters } from '#lib/ops/kept-parameters.js';

/** Options that some layer or other cannot be without. */
const OPTIONS = [
  {},
  { filters: 2, kernelSize: 1 },
  { kernelSize: 1 },
  { units: 2 },
  { groups: 1 },
  { activation: 'relu' },
];

/** A layer of a kind made with the first options that will do. */
function madeOf(kind: string): Layer | undefined {
  const make = layers[kind as 'conv2d'] as (options: object) => Layer;
  for (const options of OPTIONS) {
    try {
      return make(options);
    } catch {
      // It needs others.
    }
  }
  return undefined;
}

test('ops know the parameters of every layer that has some', (t) => {
  let checked = 0;
  for (const kind of Object.keys(layers)) {
    const layer = madeOf(kind);
    if (!layer) continue;
    const specs = [[2, 4, 4], [4]].map((shape) => {
      try {
        return layer.parameters(shape);
      } catch {
        return [];
      }
    });
    const { required, optional } = keptBy(kind);
    const known = { ...required, ...optional };
    for (const { name, shape } of specs.flat()) {
      t.true(name in known, `${kind}: ${name} is missing in lib/ops/kept-parameters.ts`);
      if (kind in keptParameters && known[name] !== '[...]')
        t.is(known[name]?.split(',').length ?? shape.length, shape.length, `${kind}: ${name}`);
    }
    checked++;
  }
  t.true(checked >= 9);
});
