import type { Callback } from '../callbacks/callback.js';
import type { EpochEvent, StepEvent } from '../model/events.js';
import type { Session } from './session.js';

/** Those that a checkpoint knows of. */
export function keptOf(callbacks: readonly Callback[]): readonly Callback[] {
  return callbacks.filter(({ unkept }) => unkept !== true);
}

/** The callbacks of a training, called one after another. */
export class CallbackList {
  readonly all: readonly Callback[];
  /** Whether steps wait for a callback. */
  readonly steps: boolean;
  /** Whether one of them ended the training: some have heard of what others have not, and their states do not fit together. */
  atOdds = false;

  constructor(callbacks: readonly Callback[]) {
    this.all = callbacks;
    this.steps = callbacks.some(({ onStep, passive }) => onStep !== undefined && passive !== true);
  }

  onTrainBegin(session: Session): Promise<void> {
    return this.#tell((callback) => callback.onTrainBegin?.(session));
  }

  /** @param states what each of those kept gave for the checkpoint */
  restore(states: readonly unknown[]): void {
    for (const [i, callback] of keptOf(this.all).entries()) if (states[i] !== undefined) callback.restore?.(states[i]);
  }

  onEpochBegin(session: Session): Promise<void> {
    return this.#tell((callback) => callback.onEpochBegin?.(session.epoch, session));
  }

  onStep(event: StepEvent, session: Session): Promise<void> {
    return this.#tell((callback) => callback.onStep?.(event, session));
  }

  onEpochEnd(event: EpochEvent, session: Session): Promise<void> {
    return this.#tell((callback) => callback.onEpochEnd?.(event, session));
  }

  /** All of them, though one of them fails. @returns the first one's error */
  async onTrainEnd(session: Session): Promise<{ readonly error: unknown } | undefined> {
    let failure: { readonly error: unknown } | undefined;
    for (const callback of this.all) {
      try {
        await callback.onTrainEnd?.(session);
      } catch (error) {
        failure ??= { error };
      }
    }
    return failure;
  }

  /** One after another. */
  async #tell(call: (callback: Callback) => void | Promise<void>): Promise<void> {
    this.atOdds = true;
    for (const callback of this.all) await call(callback);
    this.atOdds = false;
  }
}
