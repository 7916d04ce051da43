import type { Metric, MetricConfig } from './metric.js';

/**
 * Share of samples whose first largest output is their label, or the place of their first largest target. Of one output, and
 * with the losses binaryCrossentropy and hinge, the share of outputs on the right side of the threshold: 0.5 for
 * probabilities, 0 for logits and for hinge.
 */
export class Accuracy implements Metric {
  readonly name = 'accuracy';

  config(): MetricConfig {
    return { type: this.name };
  }
}
