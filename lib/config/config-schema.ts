import { VALIDATION_NAMES } from '../model/events.js';
import type { IsaName } from '../native.js';
import { augmentSchema } from './augment-schemas.js';
import { callbacksSchema } from './callback-schemas.js';
import { LAYER_DEFINITIONS, layerSchema } from './layer-schemas.js';
import { dataSchema, inputSchema, lossSchema, metricsSchema, modelSchemas, optimizerSchema } from './part-schemas.js';
import { SCHEDULE_DEFINITIONS } from './schedule-schemas.js';
import { either, integer, list, names, never, number, type ObjectSchema, object, text, yesNo } from './schema.js';

/** Numbers of an epoch, as its events name them. */
const EPOCH_NUMBERS = ['loss', 'accuracy', ...VALIDATION_NAMES.map(([name]) => name)];

const views = object(
  {
    flip: yesNo({ default: false, description: 'Also mirror images.' }),
    shift: integer(0, { default: 0, description: 'Also images moved by so many pixels, up and left, down and right.' }),
  },
  { description: 'Views of each image that tests take the mean output of.' },
);

const training = object(
  {
    epochs: integer(1, { default: 3 }),
    batchSize: integer(1, { default: 64 }),
    validation: yesNo({ default: true, description: 'Whether to test after every epoch.' }),
    validationViews: views,
    shuffle: yesNo({ default: true }),
    sampling: names(['shuffle', 'replacement'], { default: 'shuffle' }),
    stepsPerEpoch: integer(1),
    lastBatch: names(['keep', 'drop'], { default: 'keep' }),
    logEvery: integer(1, { description: 'Also report every so many steps.' }),
    terminateOnNaN: yesNo({ default: true, description: 'Whether a loss that is not finite is an error.' }),
    targetAccuracy: number(
      { exclusiveMinimum: 0, maximum: 1 },
      { description: 'Test accuracy at which to end, with the time it took.' },
    ),
  },
  { description: 'How to train.' },
);

const checkpoint = either(
  [
    never,
    object({
      everySteps: integer(1),
      everyMinutes: number({ minimum: 0 }),
      everyEpochs: integer(1, { description: '1 where neither steps nor minutes are given.' }),
      keep: integer(1, { default: 3, description: 'Checkpoints to keep.' }),
      keepBest: names(EPOCH_NUMBERS, { description: 'Also keep the best by this number.' }),
    }),
  ],
  { description: "When to write checkpoints into the run's folder, or false for never." },
);

/** A configuration of `cnnative train`: the table that its reader and the published JSON schema share. */
export const CONFIG_SCHEMA: ObjectSchema = object({
  $schema: text({ description: 'For editors.' }),
  // A folder's name, so none of dots alone.
  name: text({ pattern: '^(?!\\.+$)[\\w.-]+$', description: 'letters, digits, _, . or -' }),
  description: text({ description: 'What it is, in a line. For readers.' }),
  'data!': dataSchema,
  model: either([...modelSchemas, object({ 'layers!': list(layerSchema, { minItems: 1 }), input: inputSchema })], {
    default: 'lenet5',
    description: 'A network by name, or its layers one after another.',
  }),
  optimizer: optimizerSchema,
  loss: lossSchema,
  metrics: metricsSchema,
  augment: augmentSchema,
  callbacks: callbacksSchema,
  training,
  checkpoint,
  seed: integer(0, { default: 1, description: 'Of the first weights and of the order of samples.' }),
  threads: integer(1, { maximum: 1024 }),
  isa: names(['scalar', 'avx2', 'avx512', 'neon'] satisfies IsaName[]),
  memoryLimit: either([integer(1), text({ description: 'bytes, or a size such as 512MB or 1.5GiB' })]),
  out: text({ description: "The run's folder, relative to the configuration's own." }),
});

/** As published: what is used many times is written once. */
export function publishedSchema(): object {
  const definitions = Object.entries({ ...LAYER_DEFINITIONS, ...SCHEDULE_DEFINITIONS, layer: layerSchema });
  const nameOf = (value: unknown) => definitions.find(([, schema]) => schema === value)?.[0];
  const written = (schema: object): object =>
    JSON.parse(
      JSON.stringify(schema, (key, value) => {
        const name = key === '' ? undefined : nameOf(value);
        return name === undefined ? value : { $ref: `#/$defs/${name}` };
      }),
    ) as object;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'A training of cnnative',
    ...written(CONFIG_SCHEMA),
    $defs: Object.fromEntries(definitions.map(([name, schema]) => [name, written(schema)])),
  };
}
