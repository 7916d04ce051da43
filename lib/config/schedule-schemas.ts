import { type ChoiceSchema, kind, list, names, number, type Schema, yesNo } from './schema.js';

type Single = ChoiceSchema['anyOf'][number];

const rate = number({ minimum: 0 }, { examples: [0.1] });
const positive = number({ exclusiveMinimum: 0 });
const unit = { unit: names(['epochs', 'steps'], { default: 'epochs', description: 'Of all lengths.' }) };
const milestones = list(positive, { minItems: 1, description: 'Ascending.' });
const gamma = positive;

/** Filled below, for schedules are made of schedules. */
const inner: Single[] = [];

/** A learning rate as a part of a schedule. */
const innerRate: ChoiceSchema = { anyOf: inner };

/** Options of every schedule, by its name. */
export const SCHEDULE_OPTIONS: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  step: { 'learningRate!': rate, 'stepSize!': positive, gamma, ...unit },
  multiStep: { 'learningRate!': rate, 'milestones!': milestones, gamma, ...unit },
  exponential: { 'learningRate!': rate, 'gamma!': gamma, staircase: yesNo({ default: false }), ...unit },
  polynomial: { 'learningRate!': rate, endLearningRate: rate, power: positive, duration: positive, ...unit },
  cosine: { 'learningRate!': rate, minLearningRate: rate, duration: positive, ...unit },
  cosineRestarts: {
    'learningRate!': rate,
    't0!': positive,
    tMult: number({ minimum: 1 }),
    minLearningRate: rate,
    ...unit,
  },
  oneCycle: {
    'maxLearningRate!': rate,
    pctStart: number({ minimum: 0, maximum: 1 }, { default: 0.3 }),
    divFactor: positive,
    finalDivFactor: positive,
    annealStrategy: names(['cos', 'linear'], { default: 'cos' }),
    threePhase: yesNo({ default: false }),
    duration: positive,
    ...unit,
  },
  triangular: {
    'baseLearningRate!': rate,
    'maxLearningRate!': rate,
    'stepSizeUp!': positive,
    stepSizeDown: positive,
    mode: names(['triangular', 'triangular2', 'expRange'], { default: 'triangular' }),
    gamma,
    ...unit,
  },
  warmUp: {
    'schedule!': innerRate,
    'duration!': positive,
    startFactor: number({ minimum: 0, maximum: 1 }),
    mode: names(['linear', 'constant'], { default: 'linear' }),
    chained: yesNo({ default: false }),
    ...unit,
  },
  sequential: { 'schedules!': list(innerRate, { minItems: 1 }), 'milestones!': milestones, ...unit },
};

const kinds = Object.entries(SCHEDULE_OPTIONS).map(([type, options]) => kind(type, options));
inner.push(rate, ...kinds);

/** A number, or a schedule. */
export const learningRateSchema: ChoiceSchema = { anyOf: [number({ exclusiveMinimum: 0 }), ...kinds] };

export const SCHEDULE_DEFINITIONS: Readonly<Record<string, Schema>> = {
  innerRate,
  learningRate: learningRateSchema,
  ...Object.fromEntries(kinds.map((schema, i) => [`${Object.keys(SCHEDULE_OPTIONS)[i]}Schedule`, schema])),
};
