import type { EpochEvent } from '../model/events.js';
import { checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import type { Callback, Training } from './callback.js';
import { checkState } from './check-state.js';
import type { CallbackConfig } from './config.js';
import { Monitor, type MonitorOptions } from './monitor.js';

/** Options of `callbacks.reduceLROnPlateau`. */
export interface ReduceLROnPlateauOptions extends MonitorOptions {
  /**
   * What the learning rate is multiplied by; above 0, below 1.
   * @default 0.1
   */
  factor?: number;
  /**
   * Epochs without improvement after which it is.
   * @default 10
   */
  patience?: number;
  /**
   * Smallest change that counts as an improvement.
   * @default 0.0001
   */
  minDelta?: number;
  /**
   * Epochs after a reduction in which none is counted.
   * @default 0
   */
  cooldown?: number;
  /**
   * Learning rate below which it does not reduce, from 0.
   * @default 0
   */
  minLearningRate?: number;
}

interface State {
  readonly best: number | null;
  readonly wait: number;
  readonly cooldownLeft: number;
}

/**
 * Lowers the learning rate when a number no longer improves, by Keras's rules. It multiplies what the optimizer's number or schedule
 * says, so that both can be at work.
 */
export class ReduceLROnPlateau implements Callback {
  readonly factor: number;
  readonly patience: number;
  readonly cooldown: number;
  readonly minLearningRate: number;
  readonly #monitor: Monitor;
  readonly #minDelta: number;
  #best: number | null = null;
  #wait = 0;
  #cooldownLeft = 0;

  constructor(options: ReduceLROnPlateauOptions = {}) {
    const who = 'callbacks.reduceLROnPlateau';
    checkOptions(who, options, ['monitor', 'mode', 'factor', 'patience', 'minDelta', 'cooldown', 'minLearningRate']);
    const { factor = 0.1, patience = 10, minDelta = 1e-4, cooldown = 0, minLearningRate = 0 } = options;
    this.#monitor = new Monitor(who, options, minDelta);
    this.#minDelta = minDelta;
    this.factor = checkNumber(who, 'factor', factor, Number.MIN_VALUE, 1 - Number.EPSILON);
    this.patience = checkInteger(who, 'patience', patience, 0);
    this.cooldown = checkInteger(who, 'cooldown', cooldown, 0);
    this.minLearningRate = checkNumber(who, 'minLearningRate', minLearningRate, 0);
  }

  /** @throws InvalidArgumentError when epochs have no number of the name to monitor */
  onTrainBegin({ numbers }: Training): void {
    this.#monitor.check(numbers);
    this.#take({ best: null, wait: 0, cooldownLeft: 0 });
  }

  onEpochEnd(event: EpochEvent, training: Training): void {
    const value = this.#monitor.valueOf(event);
    if (this.#cooldownLeft > 0) {
      this.#cooldownLeft--;
      this.#wait = 0;
    }
    if (this.#monitor.improves(value, this.#best)) {
      this.#best = value;
      this.#wait = 0;
    } else if (this.#cooldownLeft === 0 && ++this.#wait >= this.patience) {
      this.#reduce(training);
    }
  }

  #reduce(training: Training): void {
    const { learningRate } = training;
    if (learningRate <= this.minLearningRate) return;
    const next = Math.max(learningRate * this.factor, this.minLearningRate);
    training.learningRateFactor *= next / learningRate;
    this.#cooldownLeft = this.cooldown;
    this.#wait = 0;
  }

  /** The factor it has set is the training's own. */
  state(): State {
    return { best: this.#best, wait: this.#wait, cooldownLeft: this.#cooldownLeft };
  }

  restore(state: unknown): void {
    const kinds = { best: 'number or null', wait: 'number', cooldownLeft: 'number' } as const;
    this.#take(checkState<State>('callbacks.reduceLROnPlateau', state, kinds));
  }

  config(): CallbackConfig {
    const { factor, patience, cooldown, minLearningRate } = this;
    const { name: monitor, mode } = this.#monitor;
    const minDelta = this.#minDelta;
    return { type: 'reduceLROnPlateau', monitor, mode, factor, patience, minDelta, cooldown, minLearningRate };
  }

  #take({ best, wait, cooldownLeft }: State): void {
    this.#best = best;
    this.#wait = wait;
    this.#cooldownLeft = cooldownLeft;
  }
}
