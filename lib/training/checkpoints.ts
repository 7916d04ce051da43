import { access, constants, rename, rm } from 'node:fs/promises';
import { CheckpointError, InvalidArgumentError } from '../errors/index.js';
import type { CheckpointEvent, EpochEvent } from '../model/events.js';
import { makeFolder } from '../util/make-folder.js';
import {
  type CheckpointContent,
  type CheckpointPlace,
  checkpointPath,
  listCheckpoints,
  readCheckpoint,
  removeStale,
  writeCheckpoint,
} from './checkpoint-file.js';
import { type CheckpointPlan, isLowerBetter } from './checkpoint-options.js';
import { type Best, type Conditions, capture, conditionsOf } from './checkpoint-state.js';
import type { Session } from './session.js';

/** Writes the checkpoints of a training when they are due, and keeps as many as were asked for. */
export class Checkpoints {
  readonly #session: Session;
  readonly #plan: CheckpointPlan;
  /** As they were when training began: callbacks may change the optimizer. */
  readonly #conditions: Conditions;
  #lastStep = 0;
  #lastTime = performance.now();
  /** Of the best epoch whose checkpoint is on disk. */
  best: Best | undefined;
  #candidate: Best | undefined;

  constructor(session: Session, plan: CheckpointPlan) {
    checkBest(session, plan);
    this.#session = session;
    this.#plan = plan;
    this.#conditions = conditionsOf(session);
  }

  /**
   * Before training, so that an hour's work is not lost to a misspelt path.
   *
   * @throws CheckpointError unless checkpoints can be written into the folder, and it is empty or gone on from
   */
  async open(): Promise<void> {
    const { folder } = this.#plan;
    const { who, resume } = this.#session.plan;
    let found: CheckpointPlace[];
    try {
      await makeFolder(folder);
      await access(folder, constants.W_OK);
      found = await listCheckpoints(folder);
      // What is refused below may be at work.
      if (found.length === 0 || resume?.folder === folder) await removeStale(folder);
    } catch (error) {
      throw new CheckpointError(
        `${who} checkpoint: expected a folder that can be written to for folder, received ${(error as Error).message}.`,
        folder,
        { cause: error },
      );
    }
    const [newest] = found;
    if (!newest || resume?.folder === folder) return;
    throw new CheckpointError(
      `${who} checkpoint: expected a folder without checkpoints for folder, received ${folder} with one of step ${newest.step}. ` +
        'Give resume: true to go on from it, or another folder.',
      folder,
    );
  }

  /** Steps until one is due, by steps alone. */
  stepsUntilDue(): number {
    const { everySteps } = this.#plan;
    return everySteps === undefined ? Number.POSITIVE_INFINITY : everySteps - (this.#session.step % everySteps);
  }

  /** Whether one is due between two steps. */
  isDue(): boolean {
    const { everySteps, everyMinutes } = this.#plan;
    const { step } = this.#session;
    if (step === this.#lastStep) return false;
    return (
      (everySteps !== undefined && step % everySteps === 0) ||
      (everyMinutes !== undefined && performance.now() - this.#lastTime >= everyMinutes * 60_000)
    );
  }

  /** The same after an epoch. A training's last state is always kept. */
  isDueAfter(event: EpochEvent, last: boolean): boolean {
    const { everyEpochs, keepBest } = this.#plan;
    const value = keepBest === undefined ? undefined : event[keepBest];
    this.#candidate = undefined;
    if (keepBest !== undefined && value !== undefined && !Number.isNaN(value)) {
      const gain = this.best ? (this.best.value - value) * (isLowerBetter(keepBest) ? 1 : -1) : 1;
      if (gain > 0) this.#candidate = { value, step: event.step };
    }
    const due = everyEpochs !== undefined && event.epoch % everyEpochs === 0;
    return last || due || this.#candidate !== undefined || this.isDue();
  }

  /** Writes one. Where that fails, training goes on. */
  async *write(): AsyncGenerator<CheckpointEvent, void, undefined> {
    const { epoch, step } = this.#session;
    const path = await this.#write();
    if (path !== undefined) yield { event: 'checkpoint', epoch, step, path };
  }

  async writeOnAbort(): Promise<void> {
    if (this.#plan.onAbort) await this.#write();
  }

  /** Passes over a damaged checkpoint, and takes it out of the way of others. */
  async passOver(error: CheckpointError): Promise<void> {
    await rename(error.path, `${error.path}.damaged`).catch(() => undefined);
    await this.#plan.onError(error);
  }

  async #write(): Promise<string | undefined> {
    const { folder, keep } = this.#plan;
    const { step, plan } = this.#session;
    const path = checkpointPath(folder, step);
    const best = this.#candidate ?? this.best;
    this.#candidate = undefined;
    const content = await capture(this.#session, this.#conditions, best);
    this.#lastStep = step;
    try {
      await writeCheckpoint(path, content);
      this.best = best;
      const kept = (place: CheckpointPlace, i: number) => i < keep || place.step === best?.step;
      const old = (await listCheckpoints(folder)).filter((place, i) => !kept(place, i));
      for (const place of old) await rm(place.path, { force: true });
      return path;
    } catch (error) {
      await this.#plan.onError(
        new CheckpointError(
          `${plan.who} checkpoint: expected a folder with room that can be written to for ${path}, received ` +
            `${(error as Error).message}. Checkpoints before it are as they were.`,
          path,
          { cause: error },
        ),
      );
      return undefined;
    } finally {
      this.#lastTime = performance.now();
    }
  }
}

/** A checkpoint that is complete, and what is wrong with those after it. */
export interface NewestComplete {
  readonly path: string;
  readonly content: CheckpointContent;
  readonly damaged: readonly CheckpointError[];
}

/** The newest checkpoint of a folder that is complete. @throws CheckpointError when all are damaged */
export async function newestComplete(who: string, folder: string): Promise<NewestComplete | undefined> {
  const found = await listCheckpoints(folder);
  const damaged: CheckpointError[] = [];
  for (const { path } of found) {
    try {
      return { path, content: await readCheckpoint(who, path), damaged };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      damaged.push(error);
    }
  }
  const [first] = damaged;
  if (first) throw first;
  return undefined;
}

function checkBest({ plan, runtime, numbers }: Session, { keepBest }: CheckpointPlan): void {
  if (keepBest === undefined || numbers.includes(keepBest)) return;
  const { metrics } = runtime.compiled(plan.who);
  const ofValidation = keepBest.startsWith('val');
  const metric = ofValidation ? `${keepBest.charAt(3).toLowerCase()}${keepBest.slice(4)}` : keepBest;
  const known = metric === 'loss' || metrics.some(({ name }) => name === metric);
  throw new InvalidArgumentError(
    `${plan.who} checkpoint: expected the name of a number that epochs have for keepBest, received '${keepBest}'. ` +
      (known ? 'Give validationData.' : `Compile the model with the metric ${metric}.`),
  );
}
