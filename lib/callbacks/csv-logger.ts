import { InvalidArgumentError } from '../errors/index.js';
import type { EpochEvent } from '../model/events.js';
import { checkBoolean, checkText } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { Callback, Training } from './callback.js';
import type { CallbackConfig } from './config.js';
import { judged } from './epoch-numbers.js';
import { TextLog } from './text-log.js';

export interface CsvLoggerOptions {
  /** The file, made where missing with its folder. */
  path: string;
  /**
   * One character between columns, none of a number.
   * @default ','
   */
  separator?: string;
  /**
   * Go on after the rows that are there instead of a new file. A resumed training goes on in either case, after the rows of
   * its checkpoint.
   * @default false
   */
  append?: boolean;
}

const WHO = 'callbacks.csvLogger';

/**
 * Writes a row an epoch: `epoch`, `step`, the loss and the metrics, `learningRate` (of the next step), `seconds`,
 * `imagesPerSecond`.
 */
export class CsvLogger implements Callback {
  readonly path: string;
  readonly separator: string;
  readonly append: boolean;
  readonly #log: TextLog;
  #columns: readonly string[] | undefined;

  constructor(options: CsvLoggerOptions) {
    checkOptions(WHO, options, ['path', 'separator', 'append']);
    this.path = checkText(WHO, 'path', options.path);
    this.separator = options.separator ?? ',';
    if (typeof this.separator !== 'string' || !/^[^\w.+\-"\r\n]$/.test(this.separator)) {
      throw new InvalidArgumentError(
        `${WHO}: expected one character such as ',', ';' or '\\t' for separator, received ${describe(options.separator)}.`,
      );
    }
    this.append = checkBoolean(WHO, 'append', options.append ?? false);
    this.#log = new TextLog(WHO, this.path, this.append);
  }

  onTrainBegin(): void {
    const [head] = this.#log.open().split('\n', 1);
    this.#columns = head === undefined || head === '' ? undefined : head.split(this.separator);
  }

  /** @throws InvalidArgumentError when the rows that are there have other columns */
  onEpochEnd(event: EpochEvent, { learningRate }: Training): void {
    const { epoch, step, seconds, imagesPerSecond } = event;
    const row: Record<string, number> = { epoch, step, ...judged(event), learningRate, seconds, imagesPerSecond };
    const names = Object.keys(row);
    if (this.#columns === undefined) {
      this.#log.add(names.join(this.separator));
      this.#columns = names;
    }
    if (names.join() !== this.#columns.join()) {
      throw new InvalidArgumentError(
        `${WHO}: expected the columns ${names.join(', ')} in ${this.path}, received ${this.#columns.join(', ')}. Give ` +
          'another path, or append: false.',
      );
    }
    this.#log.add(this.#columns.map((name) => String(row[name])).join(this.separator));
    this.#log.flush();
  }

  onTrainEnd(): void {
    this.#log.close();
  }

  state(): unknown {
    return this.#log.state();
  }

  restore(state: unknown): void {
    this.#log.restore(state);
  }

  config(): CallbackConfig {
    const { path, separator, append } = this;
    return { type: 'csvLogger', path, separator, append };
  }
}
