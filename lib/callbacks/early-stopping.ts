import type { EpochEvent } from '../model/events.js';
import type { Weight } from '../model/model.js';
import { checkBoolean, checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import type { Callback, Training } from './callback.js';
import { checkState } from './check-state.js';
import type { CallbackConfig } from './config.js';
import { Monitor, type MonitorOptions } from './monitor.js';

/** Options of `callbacks.earlyStopping`. */
export interface EarlyStoppingOptions extends MonitorOptions {
  /**
   * Smallest change that counts as an improvement.
   * @default 0
   */
  minDelta?: number;
  /**
   * Epochs without improvement after which the training stops.
   * @default 0
   */
  patience?: number;
  /** What the number must be better than for the patience to begin anew with an improvement. By default any improvement does. */
  baseline?: number;
  /**
   * Whether the model has the weights of its best epoch when the training ends, however it ends.
   * @default false
   */
  restoreBestWeights?: boolean;
  /**
   * Epochs at the beginning that are not looked at.
   * @default 0
   */
  startFromEpoch?: number;
}

type Weights = Readonly<Record<string, Weight>>;

interface State {
  readonly best: number | null;
  readonly bestEpoch: number;
  readonly wait: number;
  readonly bestWeights: Weights | null;
}

/** Stops when a number no longer improves. The rules are those of Keras 3. */
export class EarlyStopping implements Callback {
  readonly patience: number;
  readonly baseline: number | undefined;
  readonly restoreBestWeights: boolean;
  readonly startFromEpoch: number;
  /** The epoch at whose end it stopped the training, or 0. */
  stoppedEpoch = 0;
  readonly #monitor: Monitor;
  readonly #minDelta: number;
  #best: number | null = null;
  #bestEpoch = 0;
  #wait = 0;
  #bestWeights: Weights | null = null;

  constructor(options: EarlyStoppingOptions = {}) {
    const who = 'callbacks.earlyStopping';
    checkOptions(who, options, [
      'monitor',
      'mode',
      'minDelta',
      'patience',
      'baseline',
      'restoreBestWeights',
      'startFromEpoch',
    ]);
    const { minDelta = 0, patience = 0, baseline, restoreBestWeights = false, startFromEpoch = 0 } = options;
    this.#monitor = new Monitor(who, options, minDelta);
    this.#minDelta = minDelta;
    this.patience = checkInteger(who, 'patience', patience, 0);
    this.baseline = baseline === undefined ? undefined : checkNumber(who, 'baseline', baseline, -Infinity);
    this.restoreBestWeights = checkBoolean(who, 'restoreBestWeights', restoreBestWeights);
    this.startFromEpoch = checkInteger(who, 'startFromEpoch', startFromEpoch, 0);
  }

  /** The best value so far, and the epoch it is of, from 1; none before the first. */
  get best(): { readonly value: number; readonly epoch: number } | undefined {
    return this.#best === null ? undefined : { value: this.#best, epoch: this.#bestEpoch };
  }

  /** @throws InvalidArgumentError when epochs have no number of the name to monitor */
  onTrainBegin({ numbers }: Training): void {
    this.#monitor.check(numbers);
    this.#take({ best: null, bestEpoch: 0, wait: 0, bestWeights: null });
    this.stoppedEpoch = 0;
  }

  async onEpochEnd(event: EpochEvent, training: Training): Promise<void> {
    const value = this.#monitor.valueOf(event);
    if (event.epoch <= this.startFromEpoch) return;
    const improved = this.#monitor.improves(value, this.#best);
    this.#wait++;
    // Until something improves, the first weights are the best.
    if (this.restoreBestWeights && (improved || !this.#bestWeights)) {
      this.#bestWeights = await training.model.getWeights();
      this.#bestEpoch = event.epoch;
    }
    if (improved) {
      this.#best = value;
      this.#bestEpoch = event.epoch;
      // The patience begins anew only with what also beats the baseline.
      if (this.#monitor.improves(value, this.baseline ?? null)) this.#wait = 0;
      return;
    }
    if (this.#wait < this.patience || event.epoch === 1) return;
    this.stoppedEpoch = event.epoch;
    training.stop();
  }

  async onTrainEnd({ model }: Training): Promise<void> {
    const best = this.#bestWeights;
    // They are this training's: the next one may end before it has begun here.
    this.#bestWeights = null;
    if (best) await model.setWeights(best);
  }

  state(): State {
    return { best: this.#best, bestEpoch: this.#bestEpoch, wait: this.#wait, bestWeights: this.#bestWeights };
  }

  restore(state: unknown): void {
    const kinds = {
      best: 'number or null',
      bestEpoch: 'number',
      wait: 'number',
      bestWeights: 'object or null',
    } as const;
    this.#take(checkState<State>('callbacks.earlyStopping', state, kinds));
  }

  config(): CallbackConfig {
    const { patience, baseline, restoreBestWeights, startFromEpoch } = this;
    const { name: monitor, mode } = this.#monitor;
    const options = { monitor, mode, minDelta: this.#minDelta, patience, restoreBestWeights, startFromEpoch };
    return { type: 'earlyStopping', ...options, ...(baseline !== undefined && { baseline }) };
  }

  #take({ best, bestEpoch, wait, bestWeights }: State): void {
    this.#best = best;
    this.#bestEpoch = bestEpoch;
    this.#wait = wait;
    this.#bestWeights = bestWeights;
  }
}
