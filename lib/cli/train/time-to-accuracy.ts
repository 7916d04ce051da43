import type { Config } from '../../config/config.js';
import { InvalidArgumentError } from '../../errors/index.js';
import type { EpochEvent } from '../../model/events.js';
import { percent } from '../format.js';

/** Why a training with a target can be looked at only in vain. */
const NEED = 'With "targetAccuracy" (--time-to-accuracy) every epoch must tell its test accuracy';

/**
 * Looks out for the first epoch whose test accuracy reaches a target, and counts what training took until then: DAWNBench's time to
 * accuracy, MLPerf's time to train, without the time of evaluations.
 */
export class TimeToAccuracy {
  readonly target: number;
  /** Seconds in training steps up to the end of the epoch that reached the target; null before. */
  seconds: number | null = null;
  #trained = 0;
  #best = { accuracy: Number.NEGATIVE_INFINITY, epoch: 0 };

  /** @param target share of test samples, above 0, at most 1 */
  constructor(target: number) {
    this.target = target;
  }

  /** Takes an epoch in. @returns whether the target is reached */
  reached({ epoch, seconds, valAccuracy = Number.NaN }: EpochEvent): boolean {
    this.#trained += seconds;
    if (valAccuracy > this.#best.accuracy) this.#best = { accuracy: valAccuracy, epoch };
    if (valAccuracy >= this.target) this.seconds ??= this.#trained;
    return this.seconds !== null;
  }

  /** @throws Error unless the target was reached */
  check(epochs: number): void {
    if (this.seconds !== null) return;
    const { accuracy, epoch } = this.#best;
    const received = epoch === 0 ? 'none' : `at most ${percent(accuracy)}, in epoch ${epoch}`;
    throw new Error(
      `expected a test accuracy of ${percent(this.target)} within ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'}, received ` +
        `${received}. Train for more epochs, or aim lower.`,
    );
  }
}

/** @throws InvalidArgumentError where there is a target and no test accuracy to compare with it */
export function timeToAccuracyOf({ training, metrics }: Config): TimeToAccuracy | undefined {
  const { targetAccuracy, validation } = training;
  if (targetAccuracy === undefined) return undefined;
  if (!validation) {
    throw new InvalidArgumentError(`training.validation: expected true, received false. ${NEED}.`);
  }
  if (!metrics.some((metric) => metric === 'accuracy' || (metric as { type: string }).type === 'accuracy')) {
    throw new InvalidArgumentError(
      `metrics: expected 'accuracy' among them, received ${JSON.stringify(metrics)}. ${NEED}.`,
    );
  }
  return new TimeToAccuracy(targetAccuracy);
}
