import type { Callback } from '../callbacks/callback.js';
import type { EpochEvent, StepEvent } from '../model/events.js';
import type { Session } from './session.js';

/** The callbacks of a training, called one after another. */
export class CallbackList {
  readonly all: readonly Callback[];
  /** Whether steps wait for a callback. */
  readonly steps: boolean;

  constructor(callbacks: readonly Callback[]) {
    this.all = callbacks;
    this.steps = callbacks.some(({ onStep, passive }) => onStep !== undefined && passive !== true);
  }

  async onTrainBegin(session: Session): Promise<void> {
    for (const callback of this.all) await callback.onTrainBegin?.(session);
  }

  /** @param states what each gave for the checkpoint */
  restore(states: readonly unknown[]): void {
    for (const [i, callback] of this.all.entries()) if (states[i] !== undefined) callback.restore?.(states[i]);
  }

  async onEpochBegin(session: Session): Promise<void> {
    for (const callback of this.all) await callback.onEpochBegin?.(session.epoch, session);
  }

  async onStep(event: StepEvent, session: Session): Promise<void> {
    for (const callback of this.all) {
      if (callback.onStep) await callback.onStep(event, session);
    }
  }

  async onEpochEnd(event: EpochEvent, session: Session): Promise<void> {
    for (const callback of this.all) await callback.onEpochEnd?.(event, session);
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
}
