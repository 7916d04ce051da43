import { checkChoice, checkInteger } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { modeOf, PHASES, type Phase } from './phases.js';
import { capacityFor } from './prediction.js';
import { MOST_BATCH, planRun } from './run-memory.js';
import { type RunOptions, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';
import { summarizeMemory } from './summary.js';

/** What to plan the memory of. */
export interface SummaryOptions extends Pick<RunOptions, 'threads' | 'isa'> {
  /** Samples a step. */
  batchSize: number;
  /**
   * Training, with the optimizer and loss of `compile`, or predictions.
   * @default 'train'
   */
  phase?: Phase;
}

/** The summary with a memory plan. Nothing of what is planned is allocated. */
export function memorySummary(runtime: Runtime, options: SummaryOptions): string {
  const who = 'model.summary';
  checkOptions(who, options, ['batchSize', 'phase', 'threads', 'isa']);
  const { batchSize, phase = 'train' } = options;
  const size = checkInteger(who, 'batchSize', batchSize, 1, MOST_BATCH);
  const mode = modeOf(checkChoice(who, 'phase', phase, PHASES));
  const settings = runSettings(who, options);
  if (mode === 'train') runtime.compiled(who);
  const program = runtime.newProgram(mode, mode === 'predict' ? capacityFor(size) : size, settings.isa);
  return summarizeMemory(runtime.graph, planRun(runtime, mode, program, settings.threads), settings.threads);
}
