import type { Shape } from '../util/shape.js';
import { eachAnswer } from './answers.js';
import { checkClasses } from './check-classes.js';
import type { ConfusionMatrix as Matrix, Metric, MetricConfig, Outcome } from './metric.js';

/** Counts of samples: `[true class][class of the largest output]`; of one output, no and yes. */
export class ConfusionMatrix implements Metric {
  readonly name = 'confusionMatrix';

  checkOutput(who: string, shape: Shape): void {
    checkClasses(who, this.name, shape);
  }

  compute(outcome: Outcome): Matrix {
    const classes = Math.max(outcome.elements, outcome.thresholds ? 2 : 1);
    const matrix = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
    eachAnswer(outcome, (truth, predicted) => {
      const row = matrix[truth] as number[];
      row[predicted] = (row[predicted] as number) + 1;
    });
    return matrix;
  }

  config(): MetricConfig {
    return { type: this.name };
  }
}
