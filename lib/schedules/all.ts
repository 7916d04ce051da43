import { type CosineOptions, CosineSchedule } from './cosine.js';
import { type CosineRestartsOptions, CosineRestartsSchedule } from './cosine-restarts.js';
import { CustomSchedule, type RateFunction } from './custom.js';
import { type ExponentialOptions, ExponentialSchedule } from './exponential.js';
import { type MultiStepOptions, MultiStepSchedule } from './multi-step.js';
import { type OneCycleOptions, OneCycleSchedule } from './one-cycle.js';
import { type PolynomialOptions, PolynomialSchedule } from './polynomial.js';
import type { Schedule } from './schedule.js';
import { SequentialSchedule, type SequentialScheduleOptions } from './sequential.js';
import { type StepOptions, StepSchedule } from './step.js';
import { type TriangularOptions, TriangularSchedule } from './triangular.js';
import { type WarmUpOptions, WarmUpSchedule } from './warm-up.js';

/**
 * Schedules of the learning rate by name: `optimizers.sgd({ learningRate: schedules.cosine({ learningRate: 0.1 }) })`. Each
 * step has a rate of its own. Lengths are in epochs, of which there may be fractions, unless `unit` is `'steps'`; a `duration` left out
 * is the whole training.
 *
 * @namespace
 */
export const schedules = {
  /** Falls by a factor after every so many epochs. */
  step: (options: StepOptions): Schedule => new StepSchedule(options),
  /** Falls by a factor after given epochs. */
  multiStep: (options: MultiStepOptions): Schedule => new MultiStepSchedule(options),
  /** Falls by a factor per epoch, smoothly or in steps. */
  exponential: (options: ExponentialOptions): Schedule => new ExponentialSchedule(options),
  /** Along a line or a power of one. */
  polynomial: (options: PolynomialOptions): Schedule => new PolynomialSchedule(options),
  /** Along half a cosine. */
  cosine: (options: CosineOptions): Schedule => new CosineSchedule(options),
  /** Along half a cosine, again and again. */
  cosineRestarts: (options: CosineRestartsOptions): Schedule => new CosineRestartsSchedule(options),
  /** Up to a high rate, and far down. */
  oneCycle: (options: OneCycleOptions): Schedule => new OneCycleSchedule(options),
  /** Up and down along lines. */
  triangular: (options: TriangularOptions): Schedule => new TriangularSchedule(options),
  /** Small rates at first, then another schedule. */
  warmUp: (options: WarmUpOptions): Schedule => new WarmUpSchedule(options),
  /** One after another. */
  sequential: (options: SequentialScheduleOptions): Schedule => new SequentialSchedule(options),
  /** A function of the step; a model that has one cannot be saved. */
  custom: (rate: RateFunction): Schedule => new CustomSchedule(rate),
} as const;
