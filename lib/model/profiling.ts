import { type IsaName, native } from '../native.js';
import { type ProgramProfile, profileOf } from '../program/profile.js';
import { StepTimes } from '../program/step-times.js';
import { checkChoice, checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { median } from '../util/median.js';
import { copiedStores } from './copied-stores.js';
import { EVALUATION_BATCH } from './evaluation.js';
import { FixedBatch } from './fixed-batch.js';
import { modeOf, PHASES, type Phase } from './phases.js';
import { checkMemoryLimit, MOST_BATCH } from './run-memory.js';
import { RUN_OPTIONS, type RunOptions, type RunSettings, runSettings } from './run-options.js';
import type { Runtime } from './runtime.js';

export interface ProfileOptions extends RunOptions {
  /**
   * Training steps, for which the model must be compiled, or predictions.
   * @default 'train'
   */
  phase?: Phase;
  /**
   * Samples a step.
   * @default 32 for 'train', 256 for 'infer', as `fit` and `predict`
   */
  batchSize?: number;
  /**
   * About how long to measure for. At least one step is measured; some thousands are enough, and end it sooner.
   * @default 2
   */
  seconds?: number;
}

/** Where the time of a model's steps goes, call by call. */
export interface Profile extends ProgramProfile {
  readonly phase: Phase;
  readonly batchSize: number;
  readonly threads: number;
  readonly isa: IsaName;
  /** Steps measured. */
  readonly steps: number;
  /** What a step takes on the clock, timing of calls included. */
  readonly stepMilliseconds: number;
  /** GFLOP/s of multiply-adds that one thread reaches while all are at work: what `percentOfPeak` is of. */
  readonly peakGflops: number;
}

const WARM_UP_STEPS = 3;

/** Times the calls of a model's steps on one random batch. Works on copies: weights and optimizer state stay as they are. */
export async function profile(who: string, runtime: Runtime, options: ProfileOptions): Promise<Profile> {
  checkOptions(who, options, ['phase', 'batchSize', 'seconds', ...RUN_OPTIONS]);
  const { phase = 'train', seconds = 2 } = options;
  const mode = modeOf(checkChoice(who, 'phase', phase, PHASES));
  const { batchSize: wanted = mode === 'train' ? 32 : EVALUATION_BATCH } = options;
  const batchSize = checkInteger(who, 'batchSize', wanted, 1, MOST_BATCH);
  const time = checkNumber(who, 'seconds', seconds, 0, 86_400);
  const settings = runSettings(who, options);
  if (mode === 'train') runtime.compiled(who);
  const { threads, isa } = settings;
  checkMemoryLimit(who, runtime, runtime.program(mode, batchSize, isa), { ...settings, mode, batchSize });
  const stores = copiedStores(who, runtime, mode);
  // Awaited with the first step, which there may never be.
  stores.catch(() => undefined);
  // At a learning rate of 0 the work is the same, and weights stay in the range they have, however many the steps.
  const batch = new FixedBatch(runtime, { ...settings, mode, batchSize, stores, learningRate: 0, profile: true });
  const times = new StepTimes(batch.program);
  const stepSeconds = median((await batch.run(WARM_UP_STEPS)).stepSeconds());
  await times.measure((steps) => batch.run(steps), { seconds: time, stepSeconds, least: 2, most: batch.mostSteps });
  const peakGflops = await peakOfThread(settings);
  return {
    phase,
    batchSize,
    threads,
    isa,
    steps: times.steps.length,
    stepMilliseconds: times.step * 1000,
    peakGflops,
    ...profileOf(batch.program, times.calls, peakGflops),
  };
}

/** With all threads at work: they may share a core, its power or its clock. */
async function peakOfThread({ isa, threads }: RunSettings): Promise<number> {
  return (await native.measurePeak(isa, threads)) / threads;
}
