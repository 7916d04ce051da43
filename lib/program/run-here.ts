import { type FloatArray, type NativePart, type NativeVariables, native } from '../native.js';
import type { CompiledProgram } from './compile.js';
import { checkStepMemory, runFailure } from './program-run.js';

export interface RunHereInputs {
  readonly stores: readonly NativeVariables[];
  /** Samples of each input, taken in their order. */
  readonly parts: readonly NativePart[];
  readonly batchSize: number;
  readonly threads: number;
}

/**
 * The output of a short run, made on this thread before the call returns; `undefined` while the executor is at work, for whose turn the run
 * has to wait then.
 *
 * @throws the signal's reason when it is aborted already, TrainingError when memory does not suffice
 */
export function runHere(
  program: Pick<CompiledProgram, 'native'>,
  { stores, parts, batchSize, threads }: RunHereInputs,
  signal?: AbortSignal | undefined,
): FloatArray | undefined {
  signal?.throwIfAborted();
  checkStepMemory(program, threads);
  const output = native.runHere(program.native, stores, parts, batchSize, threads);
  if (typeof output === 'string') throw runFailure(output);
  return output ?? undefined;
}
