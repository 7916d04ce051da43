import type { EpochEvent } from '../../model/events.js';

/** Tells which epoch was the best so far: by the accuracy of its test, and of equal ones by the loss; without accuracy by the loss. */
export class Best {
  #accuracy = Number.NEGATIVE_INFINITY;
  #loss = Number.POSITIVE_INFINITY;

  /** Whether an epoch is better than all before. One without a test is not. */
  isBest({ valLoss, valAccuracy = 0 }: EpochEvent): boolean {
    if (valLoss === undefined || !Number.isFinite(valLoss)) return false;
    const better = valAccuracy > this.#accuracy || (valAccuracy === this.#accuracy && valLoss < this.#loss);
    if (better) [this.#accuracy, this.#loss] = [valAccuracy, valLoss];
    return better;
  }
}
