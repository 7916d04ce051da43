import type { Shape } from '../util/shape.js';
import { type ClassCounts, classCounts } from './answers.js';
import { checkClasses } from './check-classes.js';
import type { Metric, MetricConfig, Outcome } from './metric.js';

/**
 * A share of hits: of a model with one output, of the answer yes; with several, the mean over the classes (macro), where those
 * that neither occur nor are predicted do not count. A share of nothing is 0, as in scikit-learn.
 */
export class ClassMetric implements Metric {
  readonly name: 'precision' | 'recall' | 'f1';

  constructor(name: ClassMetric['name']) {
    this.name = name;
  }

  checkOutput(who: string, shape: Shape): void {
    checkClasses(who, this.name, shape);
  }

  compute(outcome: Outcome): number {
    const counts = classCounts(outcome);
    const met = counts.filter((c) => counts.length === 1 || c.truePositives + c.falsePositives + c.falseNegatives > 0);
    return met.length === 0 ? 0 : met.reduce((sum, own) => sum + this.#shareOf(own), 0) / met.length;
  }

  config(): MetricConfig {
    return { type: this.name };
  }

  #shareOf({ truePositives: hits, falsePositives, falseNegatives }: ClassCounts): number {
    const missed = {
      precision: falsePositives,
      recall: falseNegatives,
      f1: (falsePositives + falseNegatives) / 2,
    }[this.name];
    return hits === 0 ? 0 : hits / (hits + missed);
  }
}
