import { type TrainingEvent, VALIDATION_NAMES } from '../../model/events.js';
import type { TrainingReport, TrainingResult } from './report.js';

/** Keys of the lines, in their order: other programs rely on them. */
const STEP_KEYS = ['event', 'epoch', 'step', 'loss', 'accuracy'];
/** Loss and accuracy come first; other metrics are there where a configuration asks for them. */
const EPOCH_KEYS = [...STEP_KEYS, ...VALIDATION_NAMES.map(([name]) => name), 'seconds', 'imagesPerSecond'];
const DONE_KEYS = [
  'event',
  'testAccuracy',
  'testLoss',
  'seconds',
  'imagesPerSecond',
  'targetAccuracy',
  'timeToAccuracy',
];

/** One JSON object a line. */
export class JsonReport implements TrainingReport {
  readonly #stream: NodeJS.WritableStream;

  constructor(stream: NodeJS.WritableStream) {
    this.#stream = stream;
  }

  begin(): void {}

  event(event: TrainingEvent): void {
    // Progress comes by the clock: it would make the lines of two equal runs differ.
    if (event.event === 'step') this.#write(event, STEP_KEYS);
    if (event.event === 'epoch') this.#write(event, EPOCH_KEYS);
  }

  done(result: TrainingResult): void {
    this.#write({ event: 'done', ...result }, DONE_KEYS);
  }

  note(): void {}

  end(): void {}

  #write(value: object, keys: string[]): void {
    this.#stream.write(`${JSON.stringify(value, keys)}\n`);
  }
}
