import type { EpochEvent } from '../model/events.js';
import { Model } from '../model/model.js';
import { describeModel } from '../model/save-model.js';
import { checkBoolean, checkText } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import type { Callback, Training } from './callback.js';
import { checkState } from './check-state.js';
import type { CallbackConfig } from './config.js';
import { judged } from './epoch-numbers.js';
import { checkPattern, fillPattern } from './file-pattern.js';
import { Monitor, type MonitorOptions } from './monitor.js';
import { saveWhole } from './save-whole.js';

/** Options of `callbacks.modelCheckpoint`. */
export interface ModelCheckpointOptions extends MonitorOptions {
  /**
   * Folder to save the model into, made where missing. `{epoch}`, `{step}` and the epoch's numbers, such as `{valLoss}`, stand for their
   * values; `{epoch:03d}` and `{valLoss:.2f}` say how many digits.
   */
  path: string;
  /**
   * Save only when `monitor` is better than ever; else after every epoch.
   * @default false
   */
  saveBestOnly?: boolean;
}

interface State {
  readonly best: number | null;
}

const WHO = 'callbacks.modelCheckpoint';

/**
 * Saves the model after epochs, as `model.save` does. A folder holds a whole model or none at any moment; the model that is there
 * already has its weights replaced in one step.
 */
export class ModelCheckpoint implements Callback {
  readonly path: string;
  readonly saveBestOnly: boolean;
  /** Where the model was saved last. */
  lastPath: string | undefined;
  readonly #monitor: Monitor;
  #best: number | null = null;

  constructor(options: ModelCheckpointOptions) {
    checkOptions(WHO, options, ['path', 'monitor', 'mode', 'saveBestOnly']);
    const { path, saveBestOnly = false } = options;
    this.path = checkPattern(WHO, checkText(WHO, 'path', path));
    this.saveBestOnly = checkBoolean(WHO, 'saveBestOnly', saveBestOnly);
    this.#monitor = new Monitor(WHO, options);
  }

  /** @throws InvalidArgumentError when epochs have no number to monitor or to name the folder after, or the model cannot be saved */
  onTrainBegin({ model, numbers }: Training): void {
    if (this.saveBestOnly) this.#monitor.check(numbers);
    fillPattern(WHO, this.path, Object.fromEntries(['epoch', 'step', ...numbers].map((name) => [name, 0])));
    // What cannot be written down is not to be missed after an epoch's work.
    describeModel(Model.runtimeOf(model));
    this.#best = null;
  }

  /** @throws ModelFileError when the model cannot be saved */
  async onEpochEnd(event: EpochEvent, { model }: Training): Promise<void> {
    const folder = fillPattern(WHO, this.path, { epoch: event.epoch, step: event.step, ...judged(event) });
    if (this.saveBestOnly) {
      const value = this.#monitor.valueOf(event);
      if (!this.#monitor.improves(value, this.#best)) return;
      await saveWhole(WHO, model, folder);
      this.#best = value;
    } else {
      await saveWhole(WHO, model, folder);
    }
    this.lastPath = folder;
  }

  state(): State {
    return { best: this.#best };
  }

  restore(state: unknown): void {
    this.#best = checkState<State>(WHO, state, { best: 'number or null' }).best;
  }

  config(): CallbackConfig {
    const { path, saveBestOnly } = this;
    const { name: monitor, mode } = this.#monitor;
    return { type: 'modelCheckpoint', path, monitor, mode, saveBestOnly };
  }
}
