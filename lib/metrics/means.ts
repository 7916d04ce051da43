import type { Reduction } from '../losses/loss.js';
import { STEP_METRICS } from '../program/step-metrics.js';
import type { ConfusionMatrix, Metric, ScalarMetricName } from './metric.js';

/** The loss and the metrics that steps sum up. */
export interface Means {
  /** As the loss's `reduction` says: the mean over samples, or the sum. */
  loss: number;
  accuracy?: number;
}

/** What `evaluate` gives: the loss, and the metrics the model was compiled with. */
export interface Evaluation extends Means, Partial<Record<ScalarMetricName, number>> {
  accuracy?: number;
  confusionMatrix?: ConfusionMatrix;
  /** With the reduction `none`: the loss of each sample, times its weight. */
  losses?: Float32Array;
}

/** Sums over the steps of an epoch so far. */
export interface MeansState {
  readonly loss: number;
  readonly correct: number;
  readonly samples: number;
}

/** Sums what steps record and gives means over their samples. */
export class MetricMeans {
  readonly #accuracy: boolean;
  readonly #reduction: Reduction;
  #loss = 0;
  #correct = 0;
  #samples = 0;

  constructor(metrics: readonly Metric[], reduction: Reduction) {
    this.#accuracy = metrics.some(({ name }) => name === 'accuracy');
    this.#reduction = reduction;
  }

  /** Adds steps as a run records them, the last of which may hold fewer samples; gives the means of each step. */
  add(records: Float64Array, samplesOf: (step: number) => number): Means[] {
    const width = STEP_METRICS.length;
    const means: Means[] = [];
    for (let step = 0; step * width < records.length; step++) {
      const [loss = 0, correct = 0] = records.subarray(step * width, (step + 1) * width);
      const samples = samplesOf(step);
      this.#loss += loss;
      this.#correct += correct;
      this.#samples += samples;
      means.push(this.#means(loss, correct, samples));
    }
    return means;
  }

  /** The sums so far, exactly: what `restore` takes. */
  state(): MeansState {
    return { loss: this.#loss, correct: this.#correct, samples: this.#samples };
  }

  restore({ loss, correct, samples }: MeansState): void {
    this.#loss = loss;
    this.#correct = correct;
    this.#samples = samples;
  }

  /** Of all steps added. */
  means(): Means {
    return this.#means(this.#loss, this.#correct, this.#samples);
  }

  #means(sum: number, correct: number, samples: number): Means {
    const loss = this.#reduction === 'sum' ? sum : sum / samples;
    return this.#accuracy ? { loss, accuracy: correct / samples } : { loss };
  }
}
