import { InvalidArgumentError } from '../errors/index.js';
import { checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { type Shape, sizeOf } from '../util/shape.js';
import { classOf } from './answers.js';
import { checkClasses } from './check-classes.js';
import type { Metric, MetricConfig, Outcome } from './metric.js';

/** Options of `metrics.topK`. */
export interface TopKOptions {
  /**
   * How many of the largest outputs count.
   * @default 5
   */
  k?: number;
}

/** Share of samples whose class is among their k largest outputs; of equal ones the first come first. */
export class TopK implements Metric {
  readonly name = 'topK';
  readonly k: number;

  constructor(options: TopKOptions = {}) {
    checkOptions('metrics.topK', options, ['k']);
    const { k = 5 } = options;
    this.k = checkInteger('metrics.topK', 'k', k, 1);
  }

  checkOutput(who: string, shape: Shape): void {
    checkClasses(who, this.name, shape);
    if (this.k <= sizeOf(shape)) return;
    throw new InvalidArgumentError(
      `${who}: expected at least ${this.k} outputs for the metric topK with k = ${this.k}, received ${sizeOf(shape)}. ` +
        'Use metrics.topK({ k }) with a smaller k.',
    );
  }

  compute(outcome: Outcome): number {
    const { size, elements, outputs } = outcome;
    let hits = 0;
    for (let n = 0; n < size; n++) {
      const row = outputs.subarray(n * elements, (n + 1) * elements);
      const truth = classOf(outcome, n);
      const own = row[truth] as number;
      let before = 0;
      row.forEach((output, k) => {
        if (output > own || (output === own && k < truth)) before++;
      });
      if (before < this.k && !Number.isNaN(own)) hits++;
    }
    return hits / size;
  }

  config(): MetricConfig {
    return { type: this.name, k: this.k };
  }
}
