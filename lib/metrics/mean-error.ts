import type { Metric, MetricConfig, Outcome } from './metric.js';

/** Mean over samples and outputs of the distance from the targets, or of its square. Labels count as one-hot targets. */
export class MeanError implements Metric {
  readonly name: 'meanSquaredError' | 'meanAbsoluteError';

  constructor(name: MeanError['name']) {
    this.name = name;
  }

  compute({ elements, outputs, labels, targets }: Outcome): number {
    const targetAt = (i: number): number =>
      targets ? (targets[i] as number) : Number(labels?.[Math.floor(i / elements)] === i % elements);
    let sum = 0;
    outputs.forEach((output, i) => {
      const difference = output - targetAt(i);
      sum += this.name === 'meanSquaredError' ? difference ** 2 : Math.abs(difference);
    });
    return sum / outputs.length;
  }

  config(): MetricConfig {
    return { type: this.name };
  }
}
