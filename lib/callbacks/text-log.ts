import { checkState } from './check-state.js';
import { LogFile } from './log-file.js';

interface State {
  readonly length: number;
}

/**
 * A text file of lines that a callback writes: opened when training begins, anew or after the lines that are there, and closed at its end.
 * A training that is resumed cuts off what was written after its checkpoint.
 */
export class TextLog {
  readonly #who: string;
  readonly #path: string;
  readonly #append: boolean;
  #file: LogFile | undefined;
  #restored: number | undefined;
  #length = 0;

  constructor(who: string, path: string, append: boolean) {
    this.#who = who;
    this.#path = path;
    this.#append = append;
  }

  /** Opens it; gives what it holds already. */
  open(): string {
    this.#file?.close();
    this.#file = undefined;
    const keep = this.#restored ?? (this.#append ? Infinity : 0);
    this.#restored = undefined;
    const file = new LogFile(this.#who, this.#path, keep);
    this.#file = file;
    const bytes = file.bytes();
    // Without a line that a kill cut short.
    const whole = bytes.subarray(0, bytes.lastIndexOf('\n') + 1);
    file.truncate(whole.length);
    return whole.toString('utf8');
  }

  add(line: string): void {
    this.#file?.add(`${line}\n`);
  }

  flush(): void {
    this.#file?.flush();
  }

  close(): void {
    const file = this.#file;
    if (!file) return;
    this.#file = undefined;
    this.#length = file.length;
    file.close();
  }

  state(): State {
    this.flush();
    return { length: this.#file?.length ?? this.#restored ?? this.#length };
  }

  restore(state: unknown): void {
    this.#restored = checkState<State>(this.#who, state, { length: 'number' }).length;
  }
}
