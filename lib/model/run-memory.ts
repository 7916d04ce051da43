import type { Augment } from '../augmentations/options.js';
import { TrainingError } from '../errors/index.js';
import type { IsaName } from '../native.js';
import { type ArenaPlan, planArena } from '../program/arena-plan.js';
import type { CompiledProgram, Mode } from '../program/compile.js';
import { align } from '../program/memory-plan.js';
import { formatBytes } from '../util/bytes.js';
import { sizeOf } from '../util/shape.js';
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

export interface RunMemorySettings {
  readonly threads: number;
  readonly isa: IsaName;
  readonly augment?: Augment;
}

/** What a run of full batches takes. */
export function planRun(runtime: Runtime, mode: Mode, batchSize: number, settings: RunMemorySettings): RunMemory {
  return planOf(
    runtime,
    mode,
    runtime.program(mode, batchSize, settings.isa, 'float32', settings.augment),
    settings.threads,
  );
}

/**
 * Refuses a run whose plan is above the limit. Nothing to do without one.
 *
 * @throws TrainingError with the planned bytes, and a batch size that fits if there is one
 */
export function checkMemoryLimit(
  who: string,
  runtime: Runtime,
  mode: Mode,
  batchSize: number,
  settings: RunMemorySettings & { readonly memoryLimit?: number | undefined },
): void {
  const { memoryLimit, threads, isa, augment } = settings;
  if (memoryLimit === undefined) return;
  const { totalBytes } = planRun(runtime, mode, batchSize, settings);
  if (totalBytes <= memoryLimit) return;
  const programFor = (size: number) => runtime.newProgram(mode, size, isa, 'float32', augment);
  const bytesFor = (size: number) => planOf(runtime, mode, programFor(size), threads).totalBytes;
  const fitting = fittingBatch(batchSize, (size) => bytesFor(size) <= memoryLimit);
  const wayOut =
    fitting === 0
      ? `A batchSize of 1 takes ${exact(bytesFor(1))}. Use a smaller model, fewer threads or a higher memoryLimit.`
      : `Use a batchSize of ${fitting}, which fits, or a higher memoryLimit.`;
  throw new TrainingError(
    `${who}: expected a memory plan of at most ${exact(memoryLimit)} for memoryLimit, received one of ` +
      `${exact(totalBytes)} for a batchSize of ${batchSize} on ${threads} ${threads === 1 ? 'thread' : 'threads'}. ${wayOut}`,
  );
}

function planOf(runtime: Runtime, mode: Mode, program: CompiledProgram, threads: number): RunMemory {
  const arena = planArena(program, threads);
  const parameterBytes = runtime.graph.parameters.reduce((sum, { shape }) => sum + align(4 * sizeOf(shape)), 0);
  const stateSlots = mode === 'train' ? runtime.compiled('cnnative').optimizer.stateSlots : 0;
  const optimizerBytes = stateSlots * parameterBytes;
  return { arena, parameterBytes, optimizerBytes, totalBytes: arena.totalBytes + parameterBytes + optimizerBytes };
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
