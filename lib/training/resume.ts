import { CheckpointError } from '../errors/index.js';
import type { ResumeEvent } from '../model/events.js';
import { warn } from './checkpoint-options.js';
import { conditionsOf, restore } from './checkpoint-state.js';
import { type Checkpoints, type NewestComplete, newestComplete } from './checkpoints.js';
import type { Session } from './session.js';

export interface Resumed {
  readonly event: ResumeEvent;
  /** What callbacks are to take up, in their order. */
  readonly callbackStates: readonly unknown[];
}

/**
 * Puts a training where its newest complete checkpoint left it, if it is to be resumed.
 *
 * @throws CheckpointError when there must be one and is not, or it is of another training
 */
export async function resume(session: Session, checkpoints: Checkpoints | undefined): Promise<Resumed | undefined> {
  const { who, resume: from } = session.plan;
  if (!from) return undefined;
  const found = await newestIn(who, from.folder);
  if (!found) {
    if (!from.required) return undefined;
    throw new CheckpointError(
      `${who}: expected a folder with checkpoints for resume, received ${from.folder} without any.`,
      from.folder,
    );
  }
  const { path, content, damaged } = found;
  for (const error of damaged) await (checkpoints ? checkpoints.passOver(error) : warn(error));
  const { best, callbackStates } = await restore(session, conditionsOf(session), path, content);
  const { folder } = session.plan.checkpoint ?? {};
  // What was best lies in the folder it was kept in.
  if (checkpoints && folder === from.folder) checkpoints.best = best;
  const { epoch, step, history } = session;
  return { event: { event: 'resume', epoch, step, path, history: { ...history.history } }, callbackStates };
}

async function newestIn(who: string, folder: string): Promise<NewestComplete | undefined> {
  try {
    return await newestComplete(who, folder);
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw new CheckpointError(
      `${who}: expected a folder with checkpoints for resume, received ${(error as Error).message}.`,
      folder,
      { cause: error },
    );
  }
}
