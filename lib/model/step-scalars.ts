import type { Optimizer } from '../optimizers/index.js';
import { scheduledRate } from '../schedules/rate.js';

/** Where the steps lie within their training, and within the optimizer's life. */
export interface StepRange {
  /** Number of the first within the training, from 0. */
  readonly first: number;
  readonly count: number;
  /** Steps of the whole training. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
  /** Updates of the optimizer before the first. */
  readonly updates: number;
  /** What learning rates are multiplied by. */
  readonly factor: number;
}

/** The learning rate of a step of a training, from 0. */
export function rateOf({ learningRate }: Optimizer, step: number, steps: number, stepsPerEpoch: number): number {
  return typeof learningRate === 'number' ? learningRate : scheduledRate(learningRate, step, steps, stepsPerEpoch);
}

/** What the optimizer hands to native code, step by step. */
export function stepScalars(optimizer: Optimizer, range: StepRange): Float64Array {
  const { first, count, steps, stepsPerEpoch, updates, factor } = range;
  const { scalars } = optimizer;
  const all = new Float64Array(count * scalars);
  for (let i = 0; i < count; i++) {
    const rate = rateOf(optimizer, first + i, steps, stepsPerEpoch) * factor;
    const progress = (first + i + 1) / steps;
    const values = optimizer.stepScalars(rate, updates + i, progress);
    for (let k = 0; k < scalars; k++) all[i * scalars + k] = values[k] as number;
  }
  return all;
}
