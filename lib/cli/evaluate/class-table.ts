import { count } from '../format.js';
import { columns } from '../table.js';

/** How a model does on one class. */
export interface ClassScore {
  readonly name: string;
  /** Right ones among those predicted as this class; 0 where there are none. */
  readonly precision: number;
  /** Right ones among those of this class; 0 where there are none. */
  readonly recall: number;
  /** `2 precision recall / (precision + recall)`; 0 where both are. */
  readonly f1: number;
  /** Samples of this class. */
  readonly support: number;
}

/** More columns than fit a screen help nobody. */
const MOST_SHOWN = 20;

/** @param matrix counts by true (row) and predicted class */
export function classScores(matrix: readonly (readonly number[])[], names: readonly string[]): ClassScore[] {
  return matrix.map((row, i) => {
    const right = row[i] ?? 0;
    const support = sum(row);
    const predicted = sum(matrix.map((other) => other[i] ?? 0));
    const precision = share(right, predicted);
    const recall = share(right, support);
    return {
      name: names[i] ?? `${i}`,
      precision,
      recall,
      f1: share(2 * precision * recall, precision + recall),
      support,
    };
  });
}

export function scoreTable(scores: readonly ClassScore[]): string {
  const rows = scores.map(({ name, precision, recall, f1, support }) => [
    name,
    ...[precision, recall, f1].map((value) => value.toFixed(4)),
    count(support),
  ]);
  return columns(['class', 'precision', 'recall', 'F1', 'support'], rows, 1);
}

export function matrixTable(matrix: readonly (readonly number[])[], names: readonly string[]): string {
  if (matrix.length > MOST_SHOWN) return `The confusion matrix of ${matrix.length} classes is in --json.\n`;
  const rows = matrix.map((row, i) => [names[i] ?? `${i}`, ...row.map(String)]);
  return columns(['true \\ predicted', ...matrix.map((_, i) => names[i] ?? `${i}`)], rows, 1);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function share(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
