import type { Callback, Training } from '../../callbacks/callback.js';
import type { EpochEvent } from '../../model/events.js';
import { History } from '../../model/history.js';
import { Best } from './best.js';
import type { RunFolder } from './run-folder.js';
import type { TimeToAccuracy } from './time-to-accuracy.js';

/** What a run is to be recorded by. */
export interface RecorderPlan {
  readonly folder: RunFolder | undefined;
  /** Whether the run in the folder goes on. */
  readonly resume: boolean;
  readonly target: TimeToAccuracy | undefined;
  /** Writes what the run was begun with. */
  readonly begin: () => Promise<void>;
}

/**
 * Records the epochs of a run, in its folder if it has one, and there the model after the best of them. An epoch is on disk before a checkpoint
 * stands behind it: a run that is killed in between does it again.
 */
export class Recorder implements Callback {
  readonly unkept = true;
  readonly history = new History();
  /** The newest epoch. */
  last: EpochEvent | undefined;
  /** Whether the folder is this training's to write into: one that goes on is as it was until it has been taken up. */
  begun: boolean;
  /** Whether an epoch has reached the target. */
  reached = false;
  readonly #plan: RecorderPlan;
  readonly #best = new Best();

  constructor(plan: RecorderPlan) {
    this.#plan = plan;
    this.begun = !plan.resume;
  }

  /** Takes up what the folder tells of the steps before. */
  async onTrainBegin({ step }: Training): Promise<void> {
    const { folder, resume, begin } = this.#plan;
    if (!folder || !resume) return;
    await begin();
    for (const before of await folder.rewind(step)) this.#take(before);
    this.begun = true;
  }

  async onEpochEnd(event: EpochEvent, { model }: Training): Promise<void> {
    const { folder } = this.#plan;
    await folder?.add(event);
    if (this.#take(event) && folder) await model.save(folder.best);
  }

  /** @returns whether the epoch is the best so far */
  #take(event: EpochEvent): boolean {
    this.history.add(event);
    this.last = event;
    this.reached = this.#plan.target?.reached(event) === true;
    return this.#best.isBest(event);
  }
}
