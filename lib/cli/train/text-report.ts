import { type TrainingEvent, VALIDATION_NAMES } from '../../model/events.js';
import { count, duration, loss, percent, rate } from '../format.js';
import type { TrainingReport, TrainingResult, TrainingSetup } from './report.js';

/** Those that a configuration may ask for beside. */
const OTHER_METRICS = VALIDATION_NAMES.filter(([name]) => name !== 'valLoss' && name !== 'valAccuracy');

/** Plain lines: one at the beginning, one an epoch, one at the end, and those asked for between. */
export class TextReport implements TrainingReport {
  readonly #print: (line: string) => void;
  #epochs: number;

  /** @param epochs of the training, where `begin` does not tell */
  constructor(print: (line: string) => void, epochs = 0) {
    this.#epochs = epochs;
    this.#print = print;
  }

  begin({ model, parameters, dataset, trainSize, testSize, epochs, threads, isa }: TrainingSetup): void {
    this.#epochs = epochs;
    this.#print(
      `Training ${model} (${count(parameters)} parameters) on ${dataset} (${count(trainSize)} images, ` +
        `${count(testSize)} to test with), ${threads} ${threads === 1 ? 'thread' : 'threads'}, ${isa}`,
    );
  }

  event(event: TrainingEvent): void {
    if (event.event !== 'step' && event.event !== 'epoch') return;
    const parts = [`epoch ${event.epoch}/${this.#epochs}`];
    if (event.event === 'step') parts.push(`step ${event.step}`);
    parts.push(`loss ${loss(event.loss)}`);
    if (event.accuracy !== undefined) parts.push(`accuracy ${percent(event.accuracy)}`);
    if (event.event === 'epoch') {
      const { valLoss, valAccuracy, seconds, imagesPerSecond } = event;
      if (valLoss !== undefined) parts.push(`test loss ${loss(valLoss)}`);
      if (valAccuracy !== undefined) parts.push(`test accuracy ${percent(valAccuracy)}`);
      for (const [name, own] of OTHER_METRICS) {
        const value = event[name];
        if (value !== undefined) parts.push(`test ${own} ${value.toFixed(4)}`);
      }
      parts.push(duration(seconds), rate(imagesPerSecond));
    }
    this.#print(parts.join('  '));
  }

  done(result: TrainingResult): void {
    const { testAccuracy, testLoss, seconds, imagesPerSecond, targetAccuracy = 0, timeToAccuracy } = result;
    const tested = Number.isNaN(testAccuracy) ? 'Test loss' : `Test accuracy ${percent(testAccuracy)}, test loss`;
    this.#print(`${tested} ${loss(testLoss)}. ` + `Trained for ${duration(seconds)} (${rate(imagesPerSecond)}).`);
    if (typeof timeToAccuracy === 'number') {
      this.#print(`Reached ${percent(targetAccuracy)} after ${duration(timeToAccuracy)} of training.`);
    }
  }

  note(line: string): void {
    this.#print(line);
  }

  end(): void {}
}
