import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { BaseSchedule, type Place } from './base-schedule.js';
import type { ScheduleConfig } from './schedule.js';

/** The rate of a step, from 0, of a training of so many steps with so many of them an epoch. */
export type RateFunction = (step: number, steps: number, stepsPerEpoch: number) => number;

/** A function of the step. It is asked ahead of its steps, and must give the same again. */
export class CustomSchedule extends BaseSchedule {
  readonly #rate: RateFunction;

  constructor(rate: RateFunction) {
    super('custom', {}, []);
    if (typeof rate !== 'function') {
      throw new InvalidArgumentError(
        `${this.who}: expected a function (step, steps, stepsPerEpoch) => rate, received ${describe(rate)}.`,
      );
    }
    this.#rate = rate;
  }

  protected valueAt({ step, steps, stepsPerEpoch }: Place): number {
    return this.#rate(step, steps, stepsPerEpoch);
  }

  /** @throws InvalidArgumentError always: a function is no plain data */
  override config(): ScheduleConfig {
    throw new InvalidArgumentError(
      `${this.who}: expected a schedule that can be written down, for a saved model or a checkpoint, received a function. Use another of ` +
        'schedules; or a number as learningRate, which a callback multiplies by setting training.learningRateFactor.',
    );
  }

  protected options(): Record<string, unknown> {
    return {};
  }

  protected override wayOut(): string {
    return 'Correct the function.';
  }
}
