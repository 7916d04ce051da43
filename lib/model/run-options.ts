import { InvalidArgumentError } from '../errors/index.js';
import { checkIsa, chooseIsa } from '../machine/isa.js';
import { checkThreads, chooseThreads } from '../machine/threads.js';
import type { IsaName } from '../native.js';
import { describe } from '../util/describe.js';

/** Options of everything that runs a model. */
export interface RunOptions {
  /**
   * Threads to work with. Results do not depend on it, to the bit.
   * @default what `info()` tells
   */
  threads?: number;
  /**
   * Instruction set to work with.
   * @default what `info()` tells: `CNNATIVE_ISA`, or the best of this machine
   */
  isa?: IsaName;
  /** Stops the run within one step; the call then rejects with the signal's reason and the model stays usable. */
  signal?: AbortSignal;
}

export const RUN_OPTIONS = ['threads', 'isa', 'signal'] as const;

export interface RunSettings {
  readonly threads: number;
  readonly isa: IsaName;
  readonly signal: AbortSignal | undefined;
}

/** Options checked, with defaults from the machine. */
export function runSettings(who: string, { threads, isa, signal }: RunOptions): RunSettings {
  if (signal !== undefined && !(signal instanceof AbortSignal)) {
    throw new InvalidArgumentError(`${who}: expected an AbortSignal for signal, received ${describe(signal)}.`);
  }
  return {
    threads: threads === undefined ? chooseThreads().threads : checkThreads(who, threads),
    isa: isa === undefined ? chooseIsa().isa : checkIsa(who, isa),
    signal,
  };
}
