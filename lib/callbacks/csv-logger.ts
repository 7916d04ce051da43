import { InvalidArgumentError } from '../errors/index.js';
import type { EpochEvent } from '../model/events.js';
import { checkBoolean, checkText } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { Training } from './callback.js';
import type { CallbackConfig } from './config.js';
import { judged } from './epoch-numbers.js';
import { FileLogger } from './file-logger.js';

/** Options of `callbacks.csvLogger`. */
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
export class CsvLogger extends FileLogger {
  readonly separator: string;

  constructor(options: CsvLoggerOptions) {
    checkOptions(WHO, options, ['path', 'separator', 'append']);
    const { path, append = false, separator = ',' } = options;
    super(WHO, checkText(WHO, 'path', path), checkBoolean(WHO, 'append', append));
    if (typeof separator !== 'string' || !/^[^\w.+\-"\r\n]$/.test(separator)) {
      throw new InvalidArgumentError(
        `${WHO}: expected one character such as ',', ';' or '\\t' for separator, received ${describe(separator)}.`,
      );
    }
    this.separator = separator;
  }

  /** @throws InvalidArgumentError when the rows that are there have other columns */
  onEpochEnd(event: EpochEvent, { learningRate }: Training): void {
    const { epoch, step, seconds, imagesPerSecond } = event;
    const row: Record<string, number> = { epoch, step, ...judged(event), learningRate, seconds, imagesPerSecond };
    const names = Object.keys(row).join(this.separator);
    const head = this.log.head;
    if (head === undefined) this.log.add(names);
    else if (head !== names) {
      throw new InvalidArgumentError(
        `${WHO}: expected the columns ${names} in ${this.path}, received ${head}. Give another path` +
          `${this.append ? ', or append: false' : ''}.`,
      );
    }
    this.log.add(Object.values(row).join(this.separator));
    this.log.flush();
  }

  config(): CallbackConfig {
    const { path, separator, append } = this;
    return { type: 'csvLogger', path, separator, append };
  }
}
