import { checkState } from './check-state.js';
import { LogFile } from './log-file.js';

interface State {
  readonly length: number;
}

/**
 * A text file of lines that a callback writes: anew or after the lines that are there. A training that is resumed cuts off what
 * was written after its checkpoint.
 */
export class TextLog {
  readonly #who: string;
  readonly #path: string;
  readonly #append: boolean;
  #file: LogFile | undefined;
  /** Bytes of what is there to keep when it is opened. */
  #keep: number | undefined;
  #head = '';

  constructor(who: string, path: string, append: boolean) {
    this.#who = who;
    this.#path = path;
    this.#append = append;
  }

  /** A training begins. Opens nothing yet: it may be one that is resumed. */
  begin(): void {
    this.close();
    this.#keep = this.#append ? Infinity : 0;
  }

  open(): void {
    this.#opened();
  }

  /** The first line, if there is one. */
  get head(): string | undefined {
    this.#opened();
    return this.#head === '' ? undefined : this.#head;
  }

  add(line: string): void {
    const file = this.#opened();
    if (file.length === 0) this.#head = line;
    file.add(`${line}\n`);
  }

  flush(): void {
    this.#file?.flush();
  }

  close(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    this.#keep = file.length;
    file.close();
  }

  state(): State {
    if (this.#keep === undefined) return { length: 0 }; // no training has begun
    const file = this.#opened();
    file.flush();
    return { length: file.length };
  }

  restore(state: unknown): void {
    this.close();
    this.#keep = checkState<State>(this.#who, state, { length: 'number' }).length;
  }

  #opened(): LogFile {
    if (this.#file) return this.#file;
    const file = new LogFile(this.#who, this.#path, this.#keep ?? Infinity);
    const bytes = file.bytes();
    // Without a line that a kill cut short.
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    file.truncate(whole.length);
    this.#head = whole.toString('utf8', 0, Math.max(0, whole.indexOf('\n')));
    this.#file = file;
    return file;
  }
}
