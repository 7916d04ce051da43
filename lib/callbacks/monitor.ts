import { InvalidArgumentError } from '../errors/index.js';
import type { EpochEvent } from '../model/events.js';
import { checkChoice, checkNumber, checkText } from '../util/check.js';
import { judged } from './epoch-numbers.js';

/** Whether the monitored number is to fall or to rise. */
export type MonitorMode = 'auto' | 'min' | 'max';

/** Options of callbacks that watch a number of each epoch. */
export interface MonitorOptions {
  /**
   * Name of the number to watch, as in events: `'loss'`, `'accuracy'`, `'valLoss'`, `'valF1'`...
   * @default 'valLoss'
   */
  monitor?: string;
  /**
   * Whether less of it is better, or more. `'auto'`: less, but of accuracy, topK, precision, recall, f1 and auc more.
   * @default 'auto'
   */
  mode?: MonitorMode;
}

const MORE_IS_BETTER = /(accuracy|topK|precision|recall|f1|auc)$/i;

/** Watches one of an epoch's numbers for its best. */
export class Monitor {
  readonly name: string;
  readonly mode: MonitorMode;
  readonly #who: string;
  readonly #minDelta: number;
  readonly #sign: 1 | -1;

  constructor(who: string, { monitor = 'valLoss', mode = 'auto' }: MonitorOptions, minDelta: unknown = 0) {
    this.#who = who;
    this.name = checkText(who, 'monitor', monitor);
    this.mode = checkChoice(who, 'mode', mode, ['auto', 'min', 'max']);
    this.#minDelta = checkNumber(who, 'minDelta', minDelta, 0);
    const more = this.mode === 'max' || (this.mode === 'auto' && MORE_IS_BETTER.test(this.name));
    this.#sign = more ? 1 : -1;
  }

  /** Before an epoch's work is lost to a misspelt name. @throws InvalidArgumentError when epochs have no such number */
  check(names: readonly string[]): void {
    if (names.includes(this.name)) return;
    throw new InvalidArgumentError(
      `${this.#who}: expected one of ${names.map((name) => `'${name}'`).join(', ')} for monitor, received '${this.name}'. ` +
        'Those of a validation need validationData; metrics are set by model.compile.',
    );
  }

  /** @throws InvalidArgumentError when the epoch has no such number */
  valueOf(event: EpochEvent): number {
    const numbers = judged(event);
    this.check(Object.keys(numbers));
    return numbers[this.name] as number;
  }

  /** Whether it is better than the other, if there is one, by more than `minDelta`. NaN never is. */
  improves(value: number, on: number | null): boolean {
    if (on === null) return this.#sign * value > -Infinity;
    return this.#sign * (value - on) > this.#minDelta;
  }
}
