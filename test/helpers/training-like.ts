import type { Callback, EpochEvent, Model, StepEvent, Training } from 'cnnative';
import { smallModel } from './small.js';

/** A training as callbacks see it, played by hand: events go to one callback. */
export class TrainingLike implements Training {
  readonly model: Model;
  readonly epochs = 100;
  readonly numbers: readonly string[];
  step = 0;
  learningRateFactor = 1;
  stopped = false;
  readonly #rate: number;

  constructor({ model = smallModel(), rate = 0.1, numbers = ['loss', 'accuracy', 'valLoss'] } = {}) {
    this.model = model;
    this.numbers = numbers;
    this.#rate = rate;
  }

  get learningRate(): number {
    return this.#rate * this.learningRateFactor;
  }

  stop(): void {
    this.stopped = true;
  }

  /** Epochs of 10 steps, of these losses of the validation, until it is stopped; gives the number of the last. */
  async play(callback: Callback, valLosses: readonly number[], first = 1): Promise<number> {
    for (const [i, valLoss] of valLosses.entries()) {
      if (this.stopped) return first + i - 1;
      for (let step = 0; step < 10; step++) {
        this.step++;
        await callback.onStep?.(stepEvent(first + i, this.step), this);
      }
      await callback.onEpochEnd?.(epochEvent(first + i, { valLoss }), this);
    }
    return first + valLosses.length - 1;
  }
}

/** Another loss for each step. */
export function stepEvent(epoch: number, step: number, loss = 1 / step): StepEvent {
  return { event: 'step', epoch, step, loss, accuracy: 0.25 };
}

export function epochEvent(epoch: number, numbers: Partial<EpochEvent> = {}): EpochEvent {
  const { loss = 1 / epoch, accuracy = 0.5, ...rest } = numbers;
  return { event: 'epoch', epoch, step: 10 * epoch, loss, accuracy, ...rest, seconds: 2, imagesPerSecond: 50 };
}

/** As a checkpoint keeps it: plain data and `Float32Array`s, no part of which the callback holds any more. */
export function throughFile(state: unknown): unknown {
  return structuredClone(state);
}
