import type { Thresholds } from '../losses/loss.js';
import type { Shape } from '../util/shape.js';

/** Metrics that are one number. */
export type ScalarMetricName =
  | 'accuracy'
  | 'topK'
  | 'precision'
  | 'recall'
  | 'f1'
  | 'auc'
  | 'meanSquaredError'
  | 'meanAbsoluteError';

/** Names of the metrics there are. */
export type MetricName = ScalarMetricName | 'confusionMatrix';

/** Names of the scalar ones, in the order in which they are reported. */
export const SCALAR_METRICS: readonly ScalarMetricName[] = [
  'accuracy',
  'topK',
  'precision',
  'recall',
  'f1',
  'auc',
  'meanSquaredError',
  'meanAbsoluteError',
];

/** Counts of samples by their true class (row) and the class of the largest output (column). */
export type ConfusionMatrix = number[][];

/** What a model is compiled to report beside its loss, made by `metrics.xxx()`. Sample weights do not count in it. */
export interface Metric {
  /** As in results, in `compile({ metrics })` and in saved models. */
  readonly name: MetricName;
  /** @throws ShapeError or InvalidArgumentError when it makes no sense of outputs of this shape @internal */
  checkOutput?(who: string, shape: Shape): void;
  /** From the outputs of an evaluation; absent where steps sum it up. @internal */
  compute?(outcome: Outcome): number | ConfusionMatrix;
  /** Plain data from which `metricsFromConfig` makes the same metric. */
  config(): MetricConfig;
}

export interface MetricConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

/** Outputs of an evaluation, and what they are compared with. */
export interface Outcome {
  readonly size: number;
  /** Outputs of a sample. */
  readonly elements: number;
  /** Sample after sample. */
  readonly outputs: Float32Array;
  /** Either the labels or the targets, as the loss reads them. */
  readonly labels?: Int32Array | undefined;
  readonly targets?: Float32Array | undefined;
  /** Where outputs are answers to yes-or-no questions. */
  readonly thresholds?: Thresholds | undefined;
}
