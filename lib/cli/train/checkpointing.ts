import { InvalidArgumentError } from '../../errors/index.js';
import type { TrainOptions } from '../../model/training.js';
import { shellWord } from '../format.js';
import type { TrainPlan } from './plan.js';

/**
 * What a training is asked for so that its run can go on another time: checkpoints in the run's folder, by default one after every epoch, and
 * one when it is stopped.
 *
 * @throws InvalidArgumentError where checkpoints are asked for and there is no folder for them, or a run that keeps none is to go on
 */
export async function checkpointing({
  config,
  folder,
  resume,
}: TrainPlan): Promise<Pick<TrainOptions, 'checkpoint' | 'resume'>> {
  const { checkpoint } = config;
  if (folder === undefined && checkpoint !== undefined && checkpoint !== false) {
    throw new InvalidArgumentError(
      'checkpoint: expected a folder of the run for checkpoints, received none. Add "out".',
    );
  }
  if (folder === undefined) return {};
  if (checkpoint === false) {
    if (!resume) return {};
    if (await folder.hasCheckpoints()) return { resume: folder.checkpoints };
    throw new InvalidArgumentError(
      `--resume: expected a run that keeps checkpoints, received ${folder.path}, which has none and "checkpoint": false. ` +
        'Begin another run.',
    );
  }
  // From the start where there is none yet: the run was stopped before its first.
  return { checkpoint: { ...checkpoint, folder: folder.checkpoints }, resume };
}

/** How to go on with a run that was stopped, for its message. */
export function wayToGoOn({ config, folder }: TrainPlan, command: string): string {
  if (folder === undefined || config.checkpoint === false) return '';
  return ` Go on with it by: ${command} train --resume ${shellWord(folder.path)}`;
}
