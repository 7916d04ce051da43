import type { Outcome } from './metric.js';

/** Hits and misses of one class, or of the yes of one question. */
export interface ClassCounts {
  truePositives: number;
  falsePositives: number;
  falseNegatives: number;
}

/** The place of the first largest of the values from `first` on. */
function placeOfLargest(values: ArrayLike<number>, first: number, count: number): number {
  let best = 0;
  for (let k = 1; k < count; k++) {
    if ((values[first + k] as number) > (values[first + best] as number)) best = k;
  }
  return best;
}

/** The class of a sample: its label, or the place of its first largest target. */
export function classOf({ labels, targets, elements }: Outcome, sample: number): number {
  return labels ? (labels[sample] as number) : placeOfLargest(targets ?? [], sample * elements, elements);
}

/** Calls back with the true and the predicted class of each sample; of a single output these are no (0) and yes (1). */
export function eachAnswer(outcome: Outcome, take: (truth: number, predicted: number) => void): void {
  const { size, elements, outputs, targets, thresholds } = outcome;
  for (let n = 0; n < size; n++) {
    if (elements === 1 && thresholds && targets) {
      take(Number((targets[n] as number) > thresholds.ofT), Number((outputs[n] as number) > thresholds.ofX));
    } else {
      take(classOf(outcome, n), placeOfLargest(outputs, n * elements, elements));
    }
  }
}

/** Counts for each class; of yes-or-no questions, for the yes of each. */
export function classCounts(outcome: Outcome): ClassCounts[] {
  const { elements, outputs, targets, thresholds } = outcome;
  const counts = Array.from({ length: elements }, () => ({ truePositives: 0, falsePositives: 0, falseNegatives: 0 }));
  const count = (k: number, isTrue: boolean, isPredicted: boolean) => {
    const own = counts[k] as ClassCounts;
    if (isTrue && isPredicted) own.truePositives++;
    else if (isPredicted) own.falsePositives++;
    else if (isTrue) own.falseNegatives++;
  };
  if (thresholds && targets) {
    targets.forEach((target, i) => {
      count(i % elements, target > thresholds.ofT, (outputs[i] as number) > thresholds.ofX);
    });
  } else {
    eachAnswer(outcome, (truth, predicted) => {
      count(truth, true, truth === predicted);
      if (truth !== predicted) count(predicted, false, true);
    });
  }
  return counts;
}
