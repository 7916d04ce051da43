import { type Loss, type LossOptions, losses } from 'cnnative';
import type { Philox } from '#lib/util/philox.js';
import {
  binary,
  categorical,
  changed,
  divergence,
  huber,
  type LossFormula,
  logistic,
  meanOf,
  negativeLog,
  sumOf,
} from './reference/losses.js';
import { randomValues } from './values.js';

/** A loss with options, its definition, and what outputs and targets it can meet. */
export interface LossCase {
  readonly name: string;
  readonly make: (options: LossOptions) => Loss;
  readonly formula: LossFormula;
  readonly outputs: 'any' | 'probabilities';
  readonly targets: 'any' | 'bits' | 'parts' | 'signs' | 'distribution' | 'labels';
  /** Numbers of outputs to try. */
  readonly elements: readonly number[];
}

const ANY = [1, 3, 10, 70, 200];
const CLASSES = [2, 3, 10, 33];
const weigh = (k: number) => [0.5, 2, 0, 1.25][k % 4] as number;
const weights = (classes: number) => Array.from({ length: classes }, (_, k) => weigh(k));
const smoothed = (t: number, _k: number, classes: number) => t * 0.9 + 0.1 / classes;

export const lossCases: readonly LossCase[] = [
  {
    name: 'meanSquaredError',
    make: losses.meanSquaredError,
    formula: meanOf((y, t) => (y - t) ** 2),
    ...{ outputs: 'any', targets: 'any', elements: ANY },
  },
  {
    name: 'halfSumOfSquares',
    make: losses.halfSumOfSquares,
    formula: sumOf((y, t) => (y - t) ** 2 / 2),
    ...{ outputs: 'any', targets: 'any', elements: ANY },
  },
  {
    name: 'meanAbsoluteError',
    make: losses.meanAbsoluteError,
    formula: meanOf((y, t) => Math.abs(y - t)),
    ...{ outputs: 'any', targets: 'any', elements: ANY },
  },
  {
    name: 'huber',
    make: losses.huber,
    formula: meanOf(huber(1)),
    ...{ outputs: 'any', targets: 'any', elements: ANY },
  },
  {
    name: 'huber of delta 2.5',
    make: (options) => losses.huber({ ...options, delta: 2.5 }),
    formula: meanOf(huber(2.5)),
    ...{ outputs: 'any', targets: 'any', elements: [10] },
  },
  {
    name: 'hinge',
    make: losses.hinge,
    formula: meanOf((y, t) => Math.max(0, 1 - t * y)),
    ...{ outputs: 'any', targets: 'signs', elements: ANY },
  },
  {
    name: 'binaryCrossentropy of logits',
    make: losses.binaryCrossentropy,
    formula: meanOf(logistic),
    ...{ outputs: 'any', targets: 'bits', elements: ANY },
  },
  {
    name: 'binaryCrossentropy of soft targets, smoothed',
    make: (options) => losses.binaryCrossentropy({ ...options, labelSmoothing: 0.2 }),
    formula: changed(meanOf(logistic), (t) => t * 0.8 + 0.1),
    ...{ outputs: 'any', targets: 'parts', elements: [1, 7] },
  },
  {
    name: 'binaryCrossentropy of probabilities',
    make: (options) => losses.binaryCrossentropy({ ...options, fromLogits: false }),
    formula: meanOf(binary),
    ...{ outputs: 'probabilities', targets: 'parts', elements: ANY },
  },
  {
    name: 'categoricalCrossentropy of logits',
    make: losses.categoricalCrossentropy,
    formula: categorical(),
    ...{ outputs: 'any', targets: 'distribution', elements: CLASSES },
  },
  {
    name: 'categoricalCrossentropy of targets that sum to something else',
    make: losses.categoricalCrossentropy,
    formula: categorical(),
    ...{ outputs: 'any', targets: 'parts', elements: CLASSES },
  },
  {
    name: 'categoricalCrossentropy, smoothed',
    make: (options) => losses.categoricalCrossentropy({ ...options, labelSmoothing: 0.1 }),
    formula: changed(categorical(), smoothed),
    ...{ outputs: 'any', targets: 'distribution', elements: CLASSES },
  },
  {
    name: 'categoricalCrossentropy, smoothed, with class weights',
    make: (options) => losses.categoricalCrossentropy({ ...options, labelSmoothing: 0.1, classWeights: weights(10) }),
    formula: changed(categorical(), (t, k, classes) => weigh(k) * smoothed(t, k, classes)),
    ...{ outputs: 'any', targets: 'distribution', elements: [10] },
  },
  {
    name: 'categoricalCrossentropy of probabilities',
    make: (options) => losses.categoricalCrossentropy({ ...options, fromLogits: false }),
    formula: sumOf(negativeLog),
    ...{ outputs: 'probabilities', targets: 'distribution', elements: CLASSES },
  },
  {
    name: 'sparseCategoricalCrossentropy',
    make: losses.sparseCategoricalCrossentropy,
    formula: categorical(),
    ...{ outputs: 'any', targets: 'labels', elements: CLASSES },
  },
  {
    name: 'sparseCategoricalCrossentropy, smoothed',
    make: (options) => losses.sparseCategoricalCrossentropy({ ...options, labelSmoothing: 0.1 }),
    formula: changed(categorical(), smoothed),
    ...{ outputs: 'any', targets: 'labels', elements: CLASSES },
  },
  {
    name: 'sparseCategoricalCrossentropy with class weights',
    make: (options) => losses.sparseCategoricalCrossentropy({ ...options, classWeights: weights(10) }),
    formula: changed(categorical(), (t, k) => weigh(k) * t),
    ...{ outputs: 'any', targets: 'labels', elements: [10] },
  },
  {
    name: 'sparseCategoricalCrossentropy of probabilities',
    make: (options) => losses.sparseCategoricalCrossentropy({ ...options, fromLogits: false }),
    formula: sumOf(negativeLog),
    ...{ outputs: 'probabilities', targets: 'labels', elements: CLASSES },
  },
  {
    name: 'klDivergence of logits',
    make: losses.klDivergence,
    formula: categorical(true),
    ...{ outputs: 'any', targets: 'distribution', elements: CLASSES },
  },
  {
    name: 'klDivergence of probabilities',
    make: (options) => losses.klDivergence({ ...options, fromLogits: false }),
    formula: sumOf(divergence),
    ...{ outputs: 'probabilities', targets: 'distribution', elements: CLASSES },
  },
];

/** Outputs, targets and labels of so many samples; labels are those of the targets where the case reads labels. */
export function drawLossBatch({ outputs, targets }: LossCase, random: Philox, samples: number, elements: number) {
  const labels = Int32Array.from({ length: samples }, () => random.nextInt(elements));
  const draw = (i: number): number => {
    if (targets === 'any') return 4 * random.nextFloat() - 2;
    if (targets === 'signs') return random.nextInt(2) * 2 - 1;
    if (targets === 'bits') return random.nextInt(2);
    if (targets === 'labels') return Number(labels[Math.floor(i / elements)] === i % elements);
    // Some are zero: 0 log 0 is to be met.
    return random.nextInt(4) === 0 ? 0 : random.nextFloat();
  };
  const values = Float32Array.from({ length: samples * elements }, (_, i) => draw(i));
  for (let n = 0; targets === 'distribution' && n < samples; n++) {
    const row = values.subarray(n * elements, (n + 1) * elements);
    row[random.nextInt(elements)] = 1;
    const total = row.reduce((sum, value) => sum + value, 0);
    row.forEach((value, k) => {
      row[k] = value / total;
    });
  }
  const given =
    outputs === 'any'
      ? randomValues(random, samples * elements, 5)
      : Float32Array.from({ length: samples * elements }, () => 0.02 + 0.96 * random.nextFloat());
  return { outputs: given, targets: values, labels };
}
