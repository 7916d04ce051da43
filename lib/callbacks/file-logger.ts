import type { Callback } from './callback.js';
import { TextLog } from './text-log.js';

/** A callback that writes lines into a file, from a training's first epoch to its end. */
export abstract class FileLogger implements Callback {
  readonly path: string;
  readonly append: boolean;
  protected readonly log: TextLog;

  constructor(who: string, path: string, append: boolean) {
    this.path = path;
    this.append = append;
    this.log = new TextLog(who, path, append);
  }

  onTrainBegin(): void {
    this.log.begin();
  }

  /** A file that cannot be written is an error before the first step. */
  onEpochBegin(): void {
    this.log.open();
  }

  onTrainEnd(): void {
    this.log.close();
  }

  state(): unknown {
    return this.log.state();
  }

  restore(state: unknown): void {
    this.log.restore(state);
  }
}
