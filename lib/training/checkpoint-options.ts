import { resolve } from 'node:path';
import type { CheckpointError } from '../errors/index.js';
import { InvalidArgumentError } from '../errors/index.js';
import { VALIDATION_NAMES, type ValidationNumbers } from '../model/events.js';
import { checkBoolean, checkChoice, checkInteger, checkNumber, checkText } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';

/** A number of an epoch by its name in events. */
export type EpochNumber = 'loss' | 'accuracy' | keyof ValidationNumbers;

/** Where and when checkpoints are written. Each is one file, complete or absent whatever happens meanwhile. */
export interface CheckpointOptions {
  /** Made where missing. One training's alone. */
  folder: string;
  /** After every so many steps of the training. Training waits while it is written. */
  everySteps?: number;
  /** When so many minutes have gone by since the last. */
  everyMinutes?: number;
  /**
   * After every so many epochs.
   * @default 1 where neither steps nor minutes are given
   */
  everyEpochs?: number;
  /**
   * Checkpoints to keep; older ones are removed.
   * @default 3
   */
  keep?: number;
  /**
   * Also keeps the checkpoint of the epoch that was best by this number, such as `'valLoss'`: the smallest of losses and errors, the
   * largest of others. It is written whatever `everyEpochs` says.
   */
  keepBest?: EpochNumber;
  /**
   * Whether to write one when `signal` aborts the training, before the call rejects.
   * @default true
   */
  onAbort?: boolean;
  /**
   * Told when a checkpoint cannot be written, as on a full disk, or a damaged one was passed over. Training goes on, and the checkpoints
   * before are as they were; what this throws ends the training, which waits for it.
   * @default a warning of the process
   */
  onError?: (error: CheckpointError) => void | Promise<void>;
}

export interface CheckpointPlan {
  /** Absolute. */
  readonly folder: string;
  readonly everySteps: number | undefined;
  readonly everyMinutes: number | undefined;
  readonly everyEpochs: number | undefined;
  readonly keep: number;
  readonly keepBest: EpochNumber | undefined;
  readonly onAbort: boolean;
  readonly onError: (error: CheckpointError) => void | Promise<void>;
}

const OPTIONS = [
  'folder',
  'everySteps',
  'everyMinutes',
  'everyEpochs',
  'keep',
  'keepBest',
  'onAbort',
  'onError',
] as const;
const NUMBERS: readonly EpochNumber[] = ['loss', 'accuracy', ...VALIDATION_NAMES.map(([name]) => name)];

/** @throws InvalidArgumentError when an option is none */
export function checkCheckpoint(caller: string, options: CheckpointOptions): CheckpointPlan {
  const who = `${caller} checkpoint`;
  checkOptions(who, options, OPTIONS);
  const { folder, everySteps, everyMinutes, everyEpochs, keep = 3, keepBest, onAbort = true, onError = warn } = options;
  if (typeof onError !== 'function') {
    throw new InvalidArgumentError(`${who}: expected a function for onError, received ${describe(onError)}.`);
  }
  if (everyMinutes !== undefined) checkNumber(who, 'everyMinutes', everyMinutes, 0);
  if (everySteps !== undefined) checkInteger(who, 'everySteps', everySteps, 1);
  if (everyEpochs !== undefined) checkInteger(who, 'everyEpochs', everyEpochs, 1);
  return {
    folder: resolve(checkText(who, 'folder', folder)),
    everySteps,
    everyMinutes,
    everyEpochs: everyEpochs ?? (everySteps === undefined && everyMinutes === undefined ? 1 : undefined),
    keep: checkInteger(who, 'keep', keep, 1),
    keepBest: keepBest === undefined ? undefined : checkChoice(who, 'keepBest', keepBest, NUMBERS),
    onAbort: checkBoolean(who, 'onAbort', onAbort),
    onError,
  };
}

/** @throws InvalidArgumentError for `true` without a folder, and for anything but a boolean or a text */
export function checkResume(who: string, resume: boolean | string, checkpoint: CheckpointPlan | undefined) {
  if (typeof resume === 'string') return { folder: resolve(checkText(who, 'resume', resume)), required: true };
  if (!checkBoolean(who, 'resume', resume)) return undefined;
  if (checkpoint) return { folder: checkpoint.folder, required: false };
  throw new InvalidArgumentError(
    `${who}: expected checkpoint: { folder } beside resume: true, received none. Or give resume the folder to go on from.`,
  );
}

/** Whether smaller values of a number are better ones. */
export function isLowerBetter(name: EpochNumber): boolean {
  return /loss|error/i.test(name);
}

export function warn(error: CheckpointError): void {
  process.emitWarning(error.message, { type: 'CheckpointWarning', code: error.code });
}
