import type { ProgressEvent, TrainingEvent } from '../../model/events.js';
import { clock, loss, rate } from '../format.js';
import { LiveBar } from '../live-bar.js';
import { bold } from '../terminal.js';
import type { TrainingReport, TrainingResult, TrainingSetup } from './report.js';
import { TextReport } from './text-report.js';

/** The lines of `TextReport`, and below them a progress bar for the epoch at work. */
export class TerminalReport implements TrainingReport {
  readonly #bar: LiveBar;
  readonly #lines: TextReport;
  #epochs = 0;

  constructor(stream: NodeJS.WriteStream) {
    this.#bar = new LiveBar(stream);
    this.#lines = new TextReport((line) => {
      this.#bar.clear();
      stream.write(`${line.replace(/test accuracy [\d.]+ %/i, (text) => bold(stream, text))}\n`);
    });
  }

  begin(setup: TrainingSetup): void {
    this.#epochs = setup.epochs;
    this.#lines.begin(setup);
  }

  event(event: TrainingEvent): void {
    if (event.event === 'progress') this.#progress(event);
    else this.#lines.event(event);
  }

  done(result: TrainingResult): void {
    this.#lines.done(result);
  }

  note(line: string): void {
    this.#lines.note(line);
  }

  end(): void {
    this.#bar.clear();
  }

  #progress(event: ProgressEvent): void {
    // Numbers as wide as they get, so that what follows does not jump about; all of it fits 80 columns.
    const text = [
      `loss ${loss(event.loss)}`,
      ...(event.accuracy === undefined ? [] : [`accuracy ${(event.accuracy * 100).toFixed(1).padStart(5)} %`]),
      rate(event.imagesPerSecond).padStart(15),
      `${clock(event.secondsLeft)} left`,
    ].join('  ');
    this.#bar.show({
      value: event.epochStep,
      total: event.stepsPerEpoch,
      label: `epoch ${event.epoch}/${this.#epochs}`,
      text,
    });
  }
}
