import { OPTIMIZER_OPTIONS } from './optimizer-schemas.js';
import { either, integer, kind, list, names, number, object, type Schema, text, yesNo } from './schema.js';

type Kinds = Readonly<Record<string, Readonly<Record<string, Schema>>>>;

/** The kind's name for its defaults, or an object with the name as `type`. */
function named(kinds: Kinds, more: readonly Schema[] = []): Schema[] {
  const plain = Object.keys(kinds).filter((name) => !Object.keys(kinds[name] ?? {}).some((key) => key.endsWith('!')));
  return [names(plain), ...Object.entries(kinds).map(([type, options]) => kind(type, options)), ...more];
}

const dir = text({ description: "Folder of the set's files, relative to the configuration's own." });
const pictures = text({
  description: "Folder of the pictures, relative to the configuration's own.",
  examples: ['flowers'],
});
const readAhead = either([integer(1), text({ description: 'bytes, or a size such as 64MB' })], { default: '32MB' });
const files = (part: string) =>
  object(
    {
      'images!': text({ description: 'IDX or npy file of samples, not packed.', examples: [`${part}-images.npy`] }),
      'labels!': text({ description: 'IDX or npy file of integers from 0.', examples: [`${part}-labels.npy`] }),
    },
    { description: "Files, relative to the configuration's own folder." },
  );

/** Options of every data set, by its name. */
export const DATA_OPTIONS: Kinds = {
  digits: {
    seed: integer(0, { default: 0 }),
    train: integer(1, { maximum: 1_000_000, default: 12_000 }),
    test: integer(1, { maximum: 1_000_000, default: 2000 }),
  },
  mnist: { dir },
  'fashion-mnist': { dir },
  cifar10: { dir, format: names(['binary', 'python']) },
  cifar100: { dir, format: names(['binary', 'python']), labels: names(['fine', 'coarse'], { default: 'fine' }) },
  imageFolder: {
    'dir!': pictures,
    'size!': either([integer(1), list(integer(1), { minItems: 2, maxItems: 2 })], {
      description: 'Sides to resize pictures to: one number, or [height, width].',
      examples: [64, [48, 64]],
    }),
    color: names(['rgb', 'gray'], { default: 'rgb' }),
    fit: names(['fill', 'cover', 'contain'], { default: 'fill' }),
    train: text({ default: 'train', description: 'Sub-folder of the pictures to train on.' }),
    test: text({ default: 'test', description: 'Sub-folder of the pictures to test with.' }),
    concurrency: integer(1),
    readAhead,
  },
  files: {
    'train!': files('train'),
    'test!': files('test'),
    shape: list(integer(1), { minItems: 1 }),
    classes: integer(1),
    classNames: list(text(), { minItems: 1 }),
    readAhead,
  },
};

const reduction = { reduction: names(['mean', 'sum'], { default: 'mean' }) };
const fromLogits = { fromLogits: yesNo({ default: true }) };
const labelSmoothing = { labelSmoothing: number({ minimum: 0, maximum: 1 }, { default: 0 }) };
const classWeights = { classWeights: list(number({ minimum: 0 }), { minItems: 1 }) };

/** Options of every loss, by its name. */
export const LOSS_OPTIONS: Kinds = {
  binaryCrossentropy: { ...reduction, ...fromLogits, ...labelSmoothing },
  categoricalCrossentropy: { ...reduction, ...fromLogits, ...labelSmoothing, ...classWeights },
  halfSumOfSquares: reduction,
  hinge: reduction,
  huber: { ...reduction, delta: number({ exclusiveMinimum: 0 }, { default: 1 }) },
  klDivergence: { ...reduction, ...fromLogits },
  meanAbsoluteError: reduction,
  meanSquaredError: reduction,
  sparseCategoricalCrossentropy: { ...reduction, ...fromLogits, ...labelSmoothing, ...classWeights },
};

/** Options of every metric, by its name. */
export const METRIC_OPTIONS: Kinds = {
  accuracy: {},
  topK: { k: integer(1, { default: 5 }) },
  precision: {},
  recall: {},
  f1: {},
  auc: {},
  confusionMatrix: {},
  meanSquaredError: {},
  meanAbsoluteError: {},
};

const channelNumbers = either([number(), list(number(), { minItems: 1 })]);

const inputOptions = {
  shape: list(integer(1), { description: '[channels, height, width]; that of the data, when left out.' }),
  scale: number({}, { default: 1 / 255 }),
  mean: channelNumbers,
  std: channelNumbers,
};

export const inputSchema = object(inputOptions, { description: 'How raw pixels become numbers.' });

/** Options of every ready-made network, by its name. */
export const MODEL_OPTIONS: Kinds = { lenet5: { input: inputSchema } };

export const dataSchema = either(named(DATA_OPTIONS), { description: 'What to train on and to test with.' });
export const modelSchemas = named(MODEL_OPTIONS);
export const optimizerSchema = either(named(OPTIMIZER_OPTIONS), { description: 'How weights follow their gradients.' });
export const lossSchema = either(named(LOSS_OPTIONS), { description: 'What training makes small.' });
export const metricsSchema = list(either(named(METRIC_OPTIONS)), {
  description: 'What to report beside the loss.',
  default: ['accuracy'],
});
