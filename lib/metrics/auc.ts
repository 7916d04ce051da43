import { ShapeError } from '../errors/index.js';
import { formatShape, type Shape, sizeOf } from '../util/shape.js';
import type { Metric, MetricConfig, Outcome } from './metric.js';

/**
 * Area under the ROC curve of a question with two answers: the chance that a sample of the yes has a larger output than one of
 * the no, equal ones counting half. Exact, from ranks. Of two outputs the second minus the first is taken. NaN where
 * all samples have the same answer.
 */
export class Auc implements Metric {
  readonly name = 'auc';

  checkOutput(who: string, shape: Shape): void {
    if (sizeOf(shape) <= 2) return;
    throw new ShapeError(
      `${who}: expected a model with one or two outputs for the metric auc, received outputs of shape ${formatShape(shape)}.`,
    );
  }

  compute(outcome: Outcome): number {
    const { size, elements, outputs } = outcome;
    const scores = Float64Array.from({ length: size }, (_, n) => {
      const last = outputs[(n + 1) * elements - 1] as number;
      return elements === 1 ? last : last - (outputs[n * elements] as number);
    });
    if (scores.some(Number.isNaN)) return Number.NaN;
    const order = Array.from(scores.keys()).sort((a, b) => (scores[a] as number) - (scores[b] as number));
    let rankSum = 0;
    let positives = 0;
    for (let first = 0; first < size; ) {
      let end = first;
      while (end < size && scores[order[end] as number] === scores[order[first] as number]) end++;
      const ties = order.slice(first, end).filter((n) => isPositive(outcome, n)).length;
      rankSum += ties * ((first + 1 + end) / 2); // the mean of the ranks first + 1 to end
      positives += ties;
      first = end;
    }
    return (rankSum - (positives * (positives + 1)) / 2) / (positives * (size - positives));
  }

  config(): MetricConfig {
    return { type: this.name };
  }
}

function isPositive({ labels, targets, elements, thresholds }: Outcome, n: number): boolean {
  if (labels) return labels[n] === 1;
  const last = targets?.[(n + 1) * elements - 1] as number;
  return elements === 1 ? last > (thresholds?.ofT ?? 0.5) : last > (targets?.[n * elements] as number);
}
