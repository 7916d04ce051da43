import type { EpochEvent, StepEvent } from '../model/events.js';
import { checkBoolean, checkInteger, checkText } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import type { Training } from './callback.js';
import type { CallbackConfig } from './config.js';
import { FileLogger } from './file-logger.js';

/** Options of `callbacks.jsonLines`. */
export interface JsonLinesOptions {
  /** The file, made where missing with its folder. */
  path: string;
  /**
   * Also a line every so many steps; 0 for none.
   * @default 0
   */
  logEvery?: number;
  /**
   * Go on after the lines that are there instead of a new file. A resumed training goes on in either case, after the lines of
   * its checkpoint.
   * @default false
   */
  append?: boolean;
}

const WHO = 'callbacks.jsonLines';

/**
 * Writes events as lines of JSON, as they are, with `learningRate`: of an epoch that of the step after it, of a step that of the step
 * to come. Numbers that are not finite are null.
 */
export class JsonLines extends FileLogger {
  readonly logEvery: number;
  readonly passive = true;

  constructor(options: JsonLinesOptions) {
    checkOptions(WHO, options, ['path', 'logEvery', 'append']);
    const { path, append = false, logEvery = 0 } = options;
    super(WHO, checkText(WHO, 'path', path), checkBoolean(WHO, 'append', append));
    this.logEvery = checkInteger(WHO, 'logEvery', logEvery, 0);
  }

  onStep(event: StepEvent, training: Training): void {
    if (this.logEvery > 0 && event.step % this.logEvery === 0) this.#write(event, training);
  }

  onEpochEnd(event: EpochEvent, training: Training): void {
    this.#write(event, training);
    this.log.flush();
  }

  config(): CallbackConfig {
    const { path, logEvery, append } = this;
    return { type: 'jsonLines', path, logEvery, append };
  }

  #write(event: StepEvent | EpochEvent, { learningRate }: Training): void {
    this.log.add(JSON.stringify({ ...event, learningRate }));
  }
}
