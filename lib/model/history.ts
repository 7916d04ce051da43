import { type EpochEvent, VALIDATION_NAMES, type ValidationNumbers } from './events.js';

/** One number an epoch, by name, as in Keras. */
export interface HistoryRecord extends ValidationRecord {
  loss: number[];
  accuracy?: number[];
}

type ValidationRecord = { -readonly [Name in keyof ValidationNumbers]?: number[] };

const NAMES = ['loss', 'accuracy', ...VALIDATION_NAMES.map(([name]) => name)] as const;

/** What `fit` resolves to. */
export class History {
  /** Number of each epoch, from 1. */
  readonly epoch: number[] = [];
  readonly history: HistoryRecord = { loss: [] };
  /** Seconds spent in training steps, all epochs together. */
  seconds = 0;
  /** Samples trained on in that time, per second. */
  imagesPerSecond = 0;

  /** Adds an epoch. @internal */
  add(event: EpochEvent): void {
    this.epoch.push(event.epoch);
    for (const name of NAMES) {
      const value = event[name];
      if (value !== undefined) this.history[name] = [...(this.history[name] ?? []), value];
    }
    const images = this.imagesPerSecond * this.seconds + event.imagesPerSecond * event.seconds;
    this.seconds += event.seconds;
    this.imagesPerSecond = images / this.seconds;
  }
}
