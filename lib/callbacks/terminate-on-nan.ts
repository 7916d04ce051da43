import type { StepEvent } from '../model/events.js';
import type { Callback, Training } from './callback.js';
import type { CallbackConfig } from './config.js';

/** Stops the training, without an error, at a step whose loss is not finite. */
export class TerminateOnNaN implements Callback {
  /** The step at which it stopped the training, or 0. */
  stoppedStep = 0;

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
