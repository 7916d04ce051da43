import { InvalidArgumentError } from '../../errors/index.js';
import type { TrainingEvent } from '../../model/events.js';
import { TRAIN_OPTIONS } from '../../model/training.js';
import type { TrainPlan } from './plan.js';

/** Whether trainings write checkpoints and go on from them. */
const CAN_CHECKPOINT = (TRAIN_OPTIONS as readonly string[]).includes('checkpoint');

/**
 * What a training is asked for so that its run can go on another time: checkpoints in the run's folder, by default one after every epoch and
 * one when it is stopped.
 *
 * @throws InvalidArgumentError where checkpoints are asked for and there is no folder for them
 */
export function checkpointing({ config, folder, resume }: TrainPlan): object {
  const { checkpoint } = config;
  if (!CAN_CHECKPOINT && (resume || (checkpoint !== undefined && checkpoint !== false))) {
    throw new InvalidArgumentError(
      `${resume ? '--resume' : 'checkpoint'}: expected a version of cnnative that writes checkpoints, received this one.`,
    );
  }
  if (folder === undefined && checkpoint !== undefined && checkpoint !== false) {
    throw new InvalidArgumentError(
      'checkpoint: expected a folder of the run for checkpoints, received none. Add "out".',
    );
  }
  if (!CAN_CHECKPOINT || folder === undefined || checkpoint === false) return {};
  return { checkpoint: { ...checkpoint, folder: folder.checkpoints }, resume };
}

/** The step after which a training goes on, if this event tells of one. */
export function resumedAt(event: TrainingEvent): number | undefined {
  return (event.event as string) === 'resume' ? event.step : undefined;
}

/** How to go on with a run that was stopped, for its message. */
export function wayToGoOn({ config, folder }: TrainPlan, command: string): string {
  if (!CAN_CHECKPOINT || folder === undefined || config.checkpoint === false) return '';
  return ` Go on with it by: ${command} train --resume ${folder.path}`;
}
