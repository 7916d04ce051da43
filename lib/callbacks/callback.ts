import type { EpochEvent, StepEvent } from '../model/events.js';
import type { Model } from '../model/model.js';

/** What callbacks see of a training, and can do to it. */
export interface Training {
  readonly model: Model;
  /** Epochs this training has in all; more than it does when it is stopped. */
  readonly epochs: number;
  /** Names of the numbers its epochs have, as in their events: `'loss'`, `'valAccuracy'`... */
  readonly numbers: readonly string[];
  /** Steps done, those before a resumption included. */
  readonly step: number;
  /** What the learning rate is multiplied by from the next step on. 1 at first. */
  learningRateFactor: number;
  /** Learning rate of the next step, the factor included. */
  readonly learningRate: number;
  /** Ends the training as if this epoch had been the last; within an epoch, after the step at work. */
  stop(): void;
}

/** Something that accompanies a training. Every method may be left out, and is waited for. */
export interface Callback {
  /** Before the first epoch. */
  onTrainBegin?(training: Training): void | Promise<void>;
  /**
   * Before an epoch.
   *
   * @param epoch from 1
   */
  onEpochBegin?(epoch: number, training: Training): void | Promise<void>;
  /**
   * After every step. The next one waits for it, so that `stop` and `learningRateFactor` take effect at once, in every run alike. The price is a
   * native run for each step, some tenths of a millisecond: see `passive`.
   */
  onStep?(event: StepEvent, training: Training): void | Promise<void>;
  /** After an epoch, its validation included. */
  onEpochEnd?(event: EpochEvent, training: Training): void | Promise<void>;
  /** Also when the training failed or was stopped. */
  onTrainEnd?(training: Training): void | Promise<void>;
  /**
   * Whether `onStep` only watches. Steps then do not wait for it, and it comes for several of them together; what it does to the training
   * takes effect within a few steps, how many the clock decides.
   * @default false
   */
  readonly passive?: boolean;
  /** Whether it has no place in checkpoints: a training goes on with or without it. @internal */
  readonly unkept?: boolean;
  /** What a checkpoint keeps of it: plain data, in which `Float32Array`s may stand. */
  state?(): unknown;
  /** Takes up what `state` gave, after `onTrainBegin`. */
  restore?(state: unknown): void;
}
