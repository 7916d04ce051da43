import { InvalidArgumentError } from '../errors/index.js';
import { checkIsa, chooseIsa } from '../machine/isa.js';
import { checkThreads, chooseThreads } from '../machine/threads.js';
import type { IsaName } from '../native.js';
import { BYTES_FORM, parseBytes } from '../util/bytes.js';
import { checkSignal } from '../util/check.js';
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
  /**
   * Most memory to take, in bytes or as a size such as `'512MB'` (decimal) or `'1.5GiB'`: for activations, gradients,
   * parameters and optimizer state, as `model.summary({ batchSize })` plans them. What takes more is refused before
   * anything is allocated. Data, results and Node itself come on top; so do, while a checkpoint is written, some 2.3 times the size of its
   * file, and in `findLearningRate` the copy of the weights that it trains.
   * @default the machine's memory
   */
  memoryLimit?: number | string;
}

export const RUN_OPTIONS = ['threads', 'isa', 'signal', 'memoryLimit'] as const;

export interface RunSettings {
  readonly threads: number;
  readonly isa: IsaName;
  readonly signal: AbortSignal | undefined;
  /** Bytes. */
  readonly memoryLimit: number | undefined;
}

/** Options checked, with defaults from the machine. */
export function runSettings(who: string, { threads, isa, signal, memoryLimit }: RunOptions): RunSettings {
  checkSignal(who, signal);
  return {
    threads: threads === undefined ? chooseThreads().threads : checkThreads(who, threads),
    isa: isa === undefined ? chooseIsa().isa : checkIsa(who, isa),
    signal,
    memoryLimit: memoryLimit === undefined ? undefined : checkBytes(who, 'memoryLimit', memoryLimit),
  };
}

function checkBytes(who: string, name: string, value: unknown): number {
  const bytes = parseBytes(value);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError(`${who}: expected ${BYTES_FORM} for ${name}, received ${describe(value)}.`);
}
