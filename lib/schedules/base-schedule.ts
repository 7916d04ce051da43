import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { Schedule, ScheduleConfig } from './schedule.js';

/** Lengths are numbers of epochs, fractions allowed, or of steps. */
export type ScheduleUnit = 'epochs' | 'steps';

/** The unit that the lengths of a schedule are given in. */
export interface UnitOption {
  /**
   * What lengths are counted in, and factors "per unit" applied for: epochs, of which there may be fractions, or steps.
   * @default 'epochs'
   */
  unit?: ScheduleUnit;
}

/** Where a step stands within its training. */
export interface Place {
  /** From 0. */
  readonly step: number;
  /** Of the whole training. */
  readonly steps: number;
  readonly stepsPerEpoch: number;
}

/** A schedule that knows its name, checks its options and what it gives. */
export abstract class BaseSchedule implements Schedule {
  /** For messages. */
  protected readonly who: string;
  protected readonly unit: ScheduleUnit;
  readonly #type: string;

  constructor(type: string, options: UnitOption, known: readonly string[]) {
    this.#type = type;
    this.who = `schedules.${type}`;
    checkOptions(this.who, options, [...known, 'unit']);
    const { unit = 'epochs' } = options;
    this.unit = checkChoice(this.who, 'unit', unit, ['epochs', 'steps']);
  }

  /** @throws InvalidArgumentError when the rate is not a finite number of at least 0 */
  rateAt(step: number, steps: number, stepsPerEpoch: number): number {
    const rate: unknown = this.valueAt({ step, steps, stepsPerEpoch });
    if (typeof rate === 'number' && Number.isFinite(rate) && rate >= 0) return rate;
    throw new InvalidArgumentError(
      `${this.who}: expected a finite number of at least 0 for the learning rate of step ${step}, received ` +
        `${describe(rate)}. ${this.wayOut()}`,
    );
  }

  config(): ScheduleConfig {
    return { type: this.#type, ...this.options(), ...(this.unit === 'steps' && { unit: this.unit }) };
  }

  protected abstract valueAt(place: Place): number;

  /** Of `config`, beside type and unit. */
  protected abstract options(): Record<string, unknown>;

  protected wayOut(): string {
    return 'Choose other options.';
  }

  /** Steps in a unit of length. */
  protected stepsPerUnit({ stepsPerEpoch }: Place): number {
    return this.unit === 'steps' ? 1 : stepsPerEpoch;
  }

  /** Units before a step. */
  protected unitsAt(place: Place): number {
    return place.step / this.stepsPerUnit(place);
  }

  /** Steps in a length given in units; without one, in what the training has. */
  protected stepsIn(place: Place, length: number | undefined): number {
    return length === undefined ? place.steps : length * this.stepsPerUnit(place);
  }
}

/** Whole numbers that a quotient has reached; one that falls short by rounding alone has. */
export function reached(quotient: number): number {
  return Math.floor(quotient * (1 + 1e-12) + 1e-12);
}
