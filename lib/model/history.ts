import { type EpochEvent, VALIDATION_NAMES, type ValidationNumbers } from './events.js';

/** One number an epoch, by name, as in Keras; NaN for an epoch that has none, where others have. */
export interface HistoryRecord extends ValidationRecord {
  loss: number[];
  accuracy?: number[];
}

type ValidationRecord = { -readonly [Name in keyof ValidationNumbers]?: number[] };

const NAMES = ['loss', 'accuracy', ...VALIDATION_NAMES.map(([name]) => name)] as const;

/** The plain data of a history. */
export type HistoryState = Pick<History, 'epoch' | 'history' | 'seconds' | 'imagesPerSecond'>;

/** What `fit` resolves to. */
export class History {
  /** Number of each epoch, from 1. */
  readonly epoch: number[] = [];
  readonly history: HistoryRecord = { loss: [] };
  /** Seconds spent in training steps, all epochs together. */
  seconds = 0;
  /** Samples trained on in that time, per second. */
  imagesPerSecond = 0;

  /** As it was when a checkpoint was written. @internal */
  restore({ epoch, history, seconds, imagesPerSecond }: HistoryState): void {
    this.epoch.splice(0, Infinity, ...epoch);
    for (const name of NAMES) {
      const values = history[name];
      if (values !== undefined) this.history[name] = [...values];
    }
    this.seconds = seconds;
    this.imagesPerSecond = imagesPerSecond;
  }

  /** Adds an epoch. @internal */
  add(event: EpochEvent): void {
    this.epoch.push(event.epoch);
    for (const name of NAMES) {
      const value = event[name];
      const before = this.history[name];
      // NaN where an epoch has no such number, as before or after a training was resumed with other tests.
      if (value !== undefined || before) {
        this.history[name] = [...(before ?? new Array(this.epoch.length - 1).fill(Number.NaN)), value ?? Number.NaN];
      }
    }
    const images = this.imagesPerSecond * this.seconds + event.imagesPerSecond * event.seconds;
    this.seconds += event.seconds;
    this.imagesPerSecond = images / this.seconds;
  }
}
