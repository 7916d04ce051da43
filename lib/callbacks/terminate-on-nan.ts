import type { StepEvent } from '../model/events.js';
import type { Callback, Training } from './callback.js';
import type { CallbackConfig } from './config.js';

/**
 * Stops the training, without an error, once the loss of a step is not finite; steps do not wait for it, so that some more may be
 * taken. For `fit({ terminateOnNaN: false })`: by default `fit` rejects before such a number gets into the weights.
 */
export class TerminateOnNaN implements Callback {
  /** The step at which it stopped the training, or 0. */
  stoppedStep = 0;
  readonly passive = true;

  onTrainBegin(): void {
    this.stoppedStep = 0;
  }

  onStep({ step, loss }: StepEvent, training: Training): void {
    this.#look(step, loss, training);
  }

  onEpochEnd({ step, loss }: { readonly step: number; readonly loss: number }, training: Training): void {
    this.#look(step, loss, training);
  }

  config(): CallbackConfig {
    return { type: 'terminateOnNaN' };
  }

  #look(step: number, loss: number, training: Training): void {
    if (Number.isFinite(loss) || this.stoppedStep > 0) return;
    this.stoppedStep = step;
    training.stop();
  }
}
