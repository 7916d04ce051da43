import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import test from 'ava';
import { augmentations, callbacks, layers, losses, metrics, optimizers, schedules } from 'cnnative';
import { AUGMENT_OPTIONS } from '#lib/config/augment-schemas.js';
import { CALLBACK_OPTIONS } from '#lib/config/callback-schemas.js';
import { resolveConfig } from '#lib/config/config.js';
import { publishedSchema } from '#lib/config/config-schema.js';
import { LAYER_OPTIONS } from '#lib/config/layer-schemas.js';
import { OPTIMIZER_OPTIONS } from '#lib/config/optimizer-schemas.js';
import { LOSS_OPTIONS, METRIC_OPTIONS, MODEL_OPTIONS } from '#lib/config/part-schemas.js';
import { SCHEDULE_OPTIONS } from '#lib/config/schedule-schemas.js';
import { packageRoot } from '../helpers/cli.js';
import { RIGHT, WRONG } from '../helpers/configs.js';

const published = JSON.parse(readFileSync(join(packageRoot, 'schema', 'config.schema.json'), 'utf8')) as object;
const accepts = new Ajv2020({ strict: true, allowUnionTypes: true }).compile(published);

test('the published schema is that of this version', (t) => {
  t.deepEqual(published, JSON.parse(JSON.stringify(publishedSchema())), 'run npm run schema');
});

for (const [name, config] of Object.entries(RIGHT)) {
  test(`schema and reader accept ${name}`, (t) => {
    t.true(accepts(config), JSON.stringify(accepts.errors));
    t.notThrows(() => resolveConfig(config));
  });
}

for (const [config, message] of WRONG) {
  test(`schema and reader reject ${JSON.stringify(config).slice(0, 100)}`, (t) => {
    t.false(accepts(config));
    t.is(t.throws(() => resolveConfig(config), { code: 'ERR_INVALID_ARGUMENT' })?.message, message);
  });
}

/** The options that a constructor knows, by what it says of one it does not. */
function optionsOf(make: (options: never) => unknown): string[] {
  try {
    make({ noSuchOption: 1 } as never);
  } catch (error) {
    const [, known] = /expected only the options (.*), received "noSuchOption"/.exec((error as Error).message) ?? [];
    return known?.split(', ').sort() ?? [];
  }
  return [];
}

const described = (options: Readonly<Record<string, unknown>> | undefined) =>
  Object.keys(options ?? {})
    .map((name) => name.replace('!', ''))
    .sort();

test('the schema names every layer and every option of each', (t) => {
  t.deepEqual(Object.keys(LAYER_OPTIONS).sort(), Object.keys(layers).sort());
  for (const [name, make] of Object.entries(layers)) {
    t.deepEqual([...described(LAYER_OPTIONS[name]), 'name'].sort(), optionsOf(make), name);
  }
});

test('the schema names every optimizer, loss and metric and every option of each', (t) => {
  for (const [kinds, made] of [
    [OPTIMIZER_OPTIONS, optimizers],
    [LOSS_OPTIONS, losses],
    [METRIC_OPTIONS, metrics],
  ] as const) {
    t.deepEqual(Object.keys(kinds).sort(), Object.keys(made).sort());
    for (const [name, make] of Object.entries(made)) t.deepEqual(described(kinds[name]), optionsOf(make), name);
  }
});

test('the schema names every schedule, augmentation and callback and every option of each', (t) => {
  const { custom: function1, ...schedulesOfData } = schedules;
  const { preview, ...augmentationsOfData } = augmentations;
  const { custom: function2, ...callbacksOfData } = callbacks;
  for (const [kinds, made] of [
    [SCHEDULE_OPTIONS, schedulesOfData],
    [AUGMENT_OPTIONS, augmentationsOfData],
    [CALLBACK_OPTIONS, callbacksOfData],
  ] as const) {
    t.deepEqual(Object.keys(kinds).sort(), Object.keys(made).sort());
    for (const [name, make] of Object.entries(made)) t.deepEqual(described(kinds[name]), optionsOf(make), name);
  }
});

test('the schema names every ready-made network', async (t) => {
  const { MODEL_NAMES } = await import('#lib/models/names.js');
  t.deepEqual(Object.keys(MODEL_OPTIONS).sort(), [...MODEL_NAMES].sort());
});
