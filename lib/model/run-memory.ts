import type { Augment } from '../augmentations/options.js';
import { TrainingError } from '../errors/index.js';
import { memoryLimit as memoryOfMachine } from '../machine/memory.js';
import type { IsaName } from '../native.js';
import { type ArenaPlan, planArena } from '../program/arena-plan.js';
import type { CompiledProgram, Mode } from '../program/compile.js';
import { formatBytes } from '../util/bytes.js';
import type { Runtime } from './runtime.js';

/** Samples of the largest step that native code takes (`cpp/program/program.cpp`). */
export const MOST_BATCH = 2 ** 30;

/** Memory of a model at work in one mode, known before anything is allocated. Data and Node itself come on top. */
export interface RunMemory {
  readonly arena: ArenaPlan;
  /** Of the model, trained or not. */
  readonly parameterBytes: number;
  /** While training. */
  readonly optimizerBytes: number;
  readonly totalBytes: number;
}

/** A run of full batches, as its memory is planned. */
export interface PlannedRun {
  readonly mode: Mode;
  readonly batchSize: number;
  readonly threads: number;
  readonly isa: IsaName;
  /** Bytes; without, the machine's memory. */
  readonly memoryLimit: number | undefined;
  readonly augment?: Augment;
  /**
   * The program that runs batches of another size, to name one that fits.
   * @default one for batches of just that size
   */
  readonly programFor?: (batchSize: number) => CompiledProgram;
  /**
   * What helps where the run does not fit.
   * @default a batch size that fits, or more memory
   */
  readonly wayOut?: string | undefined;
}

/** What a run of full batches takes. */
export function planRun(runtime: Runtime, mode: Mode, program: CompiledProgram, threads: number): RunMemory {
  const arena = planArena(program, threads);
  const { parameterBytes } = runtime;
  const optimizerBytes = optimizerBytesOf(runtime, mode);
  return { arena, parameterBytes, optimizerBytes, totalBytes: arena.totalBytes + parameterBytes + optimizerBytes };
}

/**
 * Refuses a run whose plan is above the limit, before anything is allocated. Of a run that fits this costs next to nothing.
 *
 * @param program the one that is to run
 * @throws TrainingError with the planned bytes, and a batch size that fits if there is one
 */
export function checkMemoryLimit(who: string, runtime: Runtime, program: CompiledProgram, run: PlannedRun): void {
  const { mode, batchSize, threads, isa, memoryLimit, augment } = run;
  const bytesOf = ({ native }: CompiledProgram) =>
    native.arenaBytes(threads) + runtime.parameterBytes + optimizerBytesOf(runtime, mode);
  const limit = memoryLimit ?? memoryOfMachine();
  const bytes = bytesOf(program);
  if (bytes <= limit) return;
  const [whose, more] =
    memoryLimit === undefined
      ? [', the memory of this machine,', 'a machine with more memory']
      : [' for memoryLimit,', 'a higher memoryLimit'];
  const { programFor = (size) => runtime.newProgram(mode, size, isa, 'float32', augment) } = run;
  const { wayOut = smallerBatch(batchSize, limit, (size) => bytesOf(programFor(size)), more) } = run;
  throw new TrainingError(
    `${who}: expected a memory plan of at most ${exact(limit)}${whose} received one of ` +
      `${exact(bytes)} for a batchSize of ${batchSize} on ${threads} ${threads === 1 ? 'thread' : 'threads'}. ${wayOut}`,
  );
}

function smallerBatch(tooLarge: number, limit: number, bytesFor: (size: number) => number, more: string): string {
  const fitting = fittingBatch(tooLarge, (size) => bytesFor(size) <= limit);
  return fitting === 0
    ? `A batchSize of 1 takes ${exact(bytesFor(1))}. Use a smaller model, fewer threads or ${more}.`
    : `Use a batchSize of ${fitting}, which fits, or ${more}.`;
}

function optimizerBytesOf(runtime: Runtime, mode: Mode): number {
  return mode === 'train' ? runtime.compiled('cnnative').optimizer.stateSlots * runtime.parameterBytes : 0;
}

/**
 * A batch size below `tooLarge` that fits while one more does not; 0 when not even 1 fits. Almost always the largest: only
 * the number of partial sums can fall where the batch grows.
 */
function fittingBatch(tooLarge: number, fits: (batchSize: number) => boolean): number {
  let [most, least] = [0, tooLarge];
  while (least - most > 1) {
    const middle = Math.floor((most + least) / 2);
    if (fits(middle)) most = middle;
    else least = middle;
  }
  return most;
}

function exact(bytes: number): string {
  return `${formatBytes(bytes)} (${Math.floor(bytes).toLocaleString('en-US')} bytes)`;
}
