import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import { type NoOptions, withoutOptions } from '../util/without-options.js';
import { Accuracy } from './accuracy.js';
import { Auc } from './auc.js';
import { ClassMetric } from './class-metric.js';
import { ConfusionMatrix } from './confusion-matrix.js';
import { MeanError } from './mean-error.js';
import type { Metric, MetricConfig, MetricName } from './metric.js';
import { TopK, type TopKOptions } from './top-k.js';

export { type Evaluation, type Means, type MeansState, MetricMeans } from './means.js';
export type {
  ConfusionMatrix,
  Metric,
  MetricConfig,
  MetricName,
  Outcome,
  ScalarMetricName,
} from './metric.js';
export { SCALAR_METRICS } from './metric.js';
export type { TopKOptions } from './top-k.js';

/**
 * Metrics by name, with options. `compile({ metrics })` takes these, or names for the defaults. All but `accuracy` are
 * computed from the outputs of an evaluation, so that `fit` reports them of its `validationData` alone.
 *
 * @namespace
 */
export const metrics = {
  /** Share of right answers. */
  accuracy: (options?: NoOptions): Metric => withoutOptions('metrics.accuracy', options, () => new Accuracy()),
  /** Share of samples whose class is among the k largest outputs. */
  topK: (options?: TopKOptions): Metric => new TopK(options),
  /** Share of what was predicted as a class that is of it: mean over classes. */
  precision: (options?: NoOptions): Metric =>
    withoutOptions('metrics.precision', options, () => new ClassMetric('precision')),
  /** Share of a class that was predicted as such: mean over classes. */
  recall: (options?: NoOptions): Metric => withoutOptions('metrics.recall', options, () => new ClassMetric('recall')),
  /** `2 precision recall / (precision + recall)` of each class: mean over classes. */
  f1: (options?: NoOptions): Metric => withoutOptions('metrics.f1', options, () => new ClassMetric('f1')),
  /** Area under the ROC curve, of two classes. */
  auc: (options?: NoOptions): Metric => withoutOptions('metrics.auc', options, () => new Auc()),
  /** Counts by true and predicted class. */
  confusionMatrix: (options?: NoOptions): Metric =>
    withoutOptions('metrics.confusionMatrix', options, () => new ConfusionMatrix()),
  /** Mean square of the distance from targets. */
  meanSquaredError: (options?: NoOptions): Metric =>
    withoutOptions('metrics.meanSquaredError', options, () => new MeanError('meanSquaredError')),
  /** Mean distance from targets. */
  meanAbsoluteError: (options?: NoOptions): Metric =>
    withoutOptions('metrics.meanAbsoluteError', options, () => new MeanError('meanAbsoluteError')),
} as const satisfies Record<MetricName, (options?: never) => Metric>;

const NAMES = Object.keys(metrics) as MetricName[];

const KINDS = [Accuracy, TopK, ClassMetric, Auc, ConfusionMatrix, MeanError];

/** Metrics given as such or by name. @throws InvalidArgumentError unless all are, each once */
export function checkMetrics(who: string, given: unknown): Metric[] {
  if (!Array.isArray(given)) {
    throw new InvalidArgumentError(`${who}: expected an array of names for metrics, received ${describe(given)}.`);
  }
  const all = [...given].map((one): Metric => {
    if (KINDS.some((Kind) => one instanceof Kind)) return one as Metric;
    if (typeof one !== 'string') {
      throw new InvalidArgumentError(
        `${who}: expected names, or metrics as metrics.topK({ k: 3 }) makes them, for metrics, received ${describe(one)}.`,
      );
    }
    return metrics[checkChoice(who, 'metrics', one, NAMES)]();
  });
  const again = all.find(({ name }, i) => all.findIndex((other) => other.name === name) < i);
  if (!again) return all;
  throw new InvalidArgumentError(`${who}: expected each of the metrics once, received ${again.name} again.`);
}

/** The metrics that their `config()`s describe, or names. */
export function metricsFromConfig(who: string, configs: readonly (string | MetricConfig)[]): Metric[] {
  if (!Array.isArray(configs)) return checkMetrics(who, configs);
  const given = configs.map((config: string | MetricConfig) => {
    if (typeof config !== 'object' || config === null) return config;
    const { type, ...options } = config;
    return metrics[checkChoice(who, 'type of the metric', type, NAMES)](options as NoOptions);
  });
  return checkMetrics(who, given);
}

/** A metric as saved models hold it: by its name where that says everything. */
export function configOfMetric(metric: Metric): string | MetricConfig {
  const config = metric.config();
  return Object.keys(config).length === 1 ? metric.name : config;
}
