import { TrainingError } from '../errors/index.js';
import { checkMemory } from '../machine/memory.js';
import { type NativeRun, native, type RunInputs } from '../native.js';
import { onAbort } from '../util/on-abort.js';
import type { CompiledProgram } from './compile.js';

type Runnable = Pick<CompiledProgram, 'native'>;

/** @throws TrainingError when this machine's memory cannot suffice */
export function checkStepMemory({ native }: Runnable, threads: number): void {
  const bytes = native.arenaBytes(threads);
  checkMemory('cnnative', 'the data of a step', bytes, 'Use a smaller batchSize or a smaller model.');
}

/** For a run that has failed with such a text. */
export function runFailure(reason: string): TrainingError {
  return new TrainingError(`cnnative: ${reason}`);
}

/**
 * A run of a program, followed by waiting for its next event.
 *
 * ```ts
 * const run = new ProgramRun(program, inputs, signal);
 * while (!(await run.next())) report(run.native.completed());
 * ```
 */
export class ProgramRun {
  readonly native: NativeRun;
  readonly #signal: AbortSignal | undefined;
  #endWaiting: (() => void) | undefined;
  #done = false;
  #progressed = false;
  #wake: (() => void) | undefined;

  /** Begins at once. @throws the signal's reason when it is aborted already, TrainingError when memory cannot suffice */
  constructor(program: Runnable, inputs: RunInputs, signal?: AbortSignal | undefined) {
    signal?.throwIfAborted();
    checkStepMemory(program, inputs.threads);
    this.#signal = signal;
    this.native = new native.Run(program.native, inputs, (event) => {
      if (event === 'done') this.#done = true;
      else this.#progressed = true;
      this.#wake?.();
    });
    this.#endWaiting = signal && onAbort(signal, () => this.native.cancel());
  }

  /**
   * Waits for progress or the end; true at the end.
   * @throws the signal's reason when it stopped the run, TrainingError when the run failed
   */
  async next(): Promise<boolean> {
    if (!this.#done && !this.#progressed) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#progressed = false;
    if (!this.#done) return false;
    this.#endWaiting?.();
    const error = this.native.error();
    if (error !== null) throw runFailure(error);
    if (this.native.cancelled()) this.#signal?.throwIfAborted();
    return true;
  }

  /** Waits for the end. */
  async finished(): Promise<NativeRun> {
    while (!(await this.next()));
    return this.native;
  }

  /** Stops within a step and waits until the run no longer touches anything. */
  async stop(): Promise<void> {
    this.native.cancel();
    while (!this.#done) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#endWaiting?.();
  }
}
