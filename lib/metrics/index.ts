import { InvalidArgumentError } from '../errors/index.js';
import { STEP_METRICS } from '../program/compile.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';

/** Metrics a model can report beside its loss. `accuracy`: share of samples whose first largest output is their label. */
export type MetricName = 'accuracy';

/** @throws InvalidArgumentError unless `names` are names of metrics */
export function checkMetrics(who: string, names: unknown): MetricName[] {
  if (!Array.isArray(names)) {
    throw new InvalidArgumentError(`${who}: expected an array of names for metrics, received ${describe(names)}.`);
  }
  return [...names].map((name) => checkChoice(who, 'metrics', name, ['accuracy'] as const));
}

/** Means over samples. */
export interface Means {
  loss: number;
  accuracy?: number;
}

/** Sums what steps record and gives means over their samples. */
export class MetricMeans {
  readonly #metrics: readonly MetricName[];
  #loss = 0;
  #correct = 0;
  #samples = 0;

  constructor(metrics: readonly MetricName[]) {
    this.#metrics = metrics;
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

  /** Of all steps added. */
  means(): Means {
    return this.#means(this.#loss, this.#correct, this.#samples);
  }

  #means(loss: number, correct: number, samples: number): Means {
    const mean = { loss: loss / samples };
    return this.#metrics.includes('accuracy') ? { ...mean, accuracy: correct / samples } : mean;
  }
}
