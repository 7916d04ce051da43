import { CnnativeError } from './cnnative-error.js';

/** Where training met a number that is not finite. */
export interface NonFinite {
  /** The step of the training, from 1, before whose update it stopped. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  /** `loss`: all that layers made is finite, and the loss made of it is not. */
  readonly place: 'input' | 'weights' | 'activations' | 'loss' | 'gradients';
  /**
   * The first layer with such a number, going forward for weights and activations, backward for gradients; an input's name for `input`, and
   * `loss` for the loss.
   */
  readonly layer: string;
  /** NaN, Infinity or -Infinity. */
  readonly value: number;
}

/** Training cannot go on: the loss is no longer a number, memory does not suffice, or the model is busy or not ready to train. */
export class TrainingError extends CnnativeError {
  override readonly name = 'TrainingError';
  declare readonly code: 'ERR_TRAINING';
  /** Where numbers were no longer finite, if that is why training stopped. */
  readonly nonFinite?: NonFinite;

  constructor(message: string, options: ErrorOptions & { nonFinite?: NonFinite } = {}) {
    const { nonFinite, ...rest } = options;
    super('ERR_TRAINING', message, rest);
    if (nonFinite) this.nonFinite = nonFinite;
  }
}
