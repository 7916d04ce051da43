import test from 'ava';
import { AUGMENT_OPTIONS } from '#lib/config/augment-schemas.js';
import { CALLBACK_OPTIONS } from '#lib/config/callback-schemas.js';
import { checkValue } from '#lib/config/check-value.js';
import { exampleOf, exampleText } from '#lib/config/example.js';
import { LAYER_OPTIONS } from '#lib/config/layer-schemas.js';
import { DATA_OPTIONS } from '#lib/config/part-schemas.js';
import { SCHEDULE_OPTIONS } from '#lib/config/schedule-schemas.js';
import { integer, kind, list, object } from '#lib/config/schema.js';

test('the example of every kind is one', (t) => {
  for (const kinds of [DATA_OPTIONS, LAYER_OPTIONS, SCHEDULE_OPTIONS, AUGMENT_OPTIONS, CALLBACK_OPTIONS]) {
    for (const [type, options] of Object.entries(kinds)) {
      const schema = kind(type, options);
      t.notThrows(() => checkValue(schema, exampleOf(schema), type), type);
      t.deepEqual(JSON.parse(exampleText(schema)), exampleOf(schema));
    }
  }
});

test('an example has what is required alone', (t) => {
  const schema = kind('a', { 'b!': list(integer(3), { minItems: 2 }), c: integer(1), 'd!': object({ e: integer(0) }) });
  t.is(exampleText(schema), '{ "type": "a", "b": [3, 3], "d": {} }');
});
