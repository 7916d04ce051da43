import { integer, kind, list, names, number, type Schema, text, yesNo } from './schema.js';

const path = (description: string) => text({ description });
const rate = number({ minimum: 0 });
const monitor = {
  monitor: path("A number of an epoch, such as 'valLoss'."),
  mode: names(['auto', 'min', 'max'], { default: 'auto' }),
};
const file = { 'path!': path("A file, relative to the configuration's own."), append: yesNo({ default: false }) };

/** Options of every callback of plain data, by its name. */
export const CALLBACK_OPTIONS: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  csvLogger: { ...file, separator: path('Between values.') },
  earlyStopping: {
    ...monitor,
    minDelta: rate,
    patience: integer(0, { default: 0 }),
    baseline: number(),
    restoreBestWeights: yesNo({ default: false }),
    startFromEpoch: integer(0, { default: 0 }),
  },
  jsonLines: { ...file, logEvery: integer(0, { default: 0 }) },
  modelCheckpoint: {
    ...monitor,
    'path!': path("A folder, relative to the configuration's own."),
    saveBestOnly: yesNo({ default: false }),
  },
  reduceLROnPlateau: {
    ...monitor,
    factor: number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
    patience: integer(0),
    minDelta: rate,
    cooldown: integer(0, { default: 0 }),
    minLearningRate: rate,
  },
  tensorBoard: {
    'logDir!': path("A folder, relative to the configuration's own."),
    updateFreq: { anyOf: [names(['epoch']), integer(1)] },
  },
  terminateOnNaN: {},
};

export const callbacksSchema = list(
  { anyOf: Object.entries(CALLBACK_OPTIONS).map(([type, options]) => kind(type, options)) },
  { description: 'What accompanies the training, in this order.' },
);
