import type { TrainingEvent } from '../../model/events.js';

/** What is known before the first step. */
export interface TrainingSetup {
  readonly model: string;
  readonly parameters: number;
  readonly dataset: string;
  readonly trainSize: number;
  readonly testSize: number;
  readonly epochs: number;
  readonly threads: number;
  readonly isa: string;
}

export interface TrainingResult {
  readonly testAccuracy: number;
  readonly testLoss: number;
  /** Time in training steps, all epochs together. */
  readonly seconds: number;
  readonly imagesPerSecond: number;
  /** Where one was to be reached. */
  readonly targetAccuracy?: number;
  /** Seconds in training steps until the test accuracy reached it; null where it did not. */
  readonly timeToAccuracy?: number | null;
}

/** A way to show a training. */
export interface TrainingReport {
  begin(setup: TrainingSetup): void;
  event(event: TrainingEvent): void;
  done(result: TrainingResult): void;
  /** A line for people; programs that read the output find nothing in it. */
  note(line: string): void;
  /** Called once, however the training ended. */
  end(): void;
}
