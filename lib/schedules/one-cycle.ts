import { checkBoolean, checkChoice, checkNumber, checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, type UnitOption } from './base-schedule.js';
import { checkDuration, checkRateOption } from './check.js';
import { cosineBetween } from './cosine.js';

/** Options of `schedules.oneCycle`. */
export interface OneCycleOptions extends UnitOption {
  /** Rate at the top, from 0. */
  maxLearningRate: number;
  /**
   * Share of the cycle in which the rate rises, from 0 to 1; with `threePhase`, in which it falls for as long, to 0.5.
   * @default 0.3
   */
  pctStart?: number;
  /**
   * The first rate is `maxLearningRate / divFactor`; above 0.
   * @default 25
   */
  divFactor?: number;
  /**
   * The last rate is the first one divided by this; above 0.
   * @default 10000
   */
  finalDivFactor?: number;
  /**
   * Form of the ways up and down: half a cosine or a straight line.
   * @default 'cos'
   */
  annealStrategy?: AnnealStrategy;
  /**
   * Whether the rate falls to the first one as fast as it rose, and to the last one in what is left then.
   * @default false
   */
  threePhase?: boolean;
  /**
   * Length of the cycle; the last rate is kept from there on.
   * @default the whole training
   */
  duration?: number;
}

/** The curve along which the rate falls. */
export type AnnealStrategy = 'cos' | 'linear';

/** From a rate to another, until this step. */
interface Phase {
  readonly end: number;
  readonly from: number;
  readonly to: number;
}

/** PyTorch's OneCycleLR, step for step (Smith and Topin, Super-convergence, 2018). Momentum stays as it is. */
export class OneCycleSchedule extends BaseSchedule {
  readonly maxLearningRate: number;
  readonly pctStart: number;
  readonly divFactor: number;
  readonly finalDivFactor: number;
  readonly annealStrategy: AnnealStrategy;
  readonly threePhase: boolean;
  readonly duration: number | undefined;

  constructor(options: OneCycleOptions) {
    super('oneCycle', options, [
      'maxLearningRate',
      'pctStart',
      'divFactor',
      'finalDivFactor',
      'annealStrategy',
      'threePhase',
      'duration',
    ]);
    const { who } = this;
    const {
      threePhase = false,
      pctStart = 0.3,
      divFactor = 25,
      finalDivFactor = 1e4,
      annealStrategy = 'cos',
    } = options;
    this.maxLearningRate = checkRateOption(who, 'maxLearningRate', options.maxLearningRate);
    this.threePhase = checkBoolean(who, 'threePhase', threePhase);
    this.pctStart = checkNumber(who, 'pctStart', pctStart, 0, this.threePhase ? 0.5 : 1);
    this.divFactor = checkPositive(who, 'divFactor', divFactor);
    this.finalDivFactor = checkPositive(who, 'finalDivFactor', finalDivFactor);
    this.annealStrategy = checkChoice(who, 'annealStrategy', annealStrategy, ['cos', 'linear']);
    this.duration = checkDuration(who, options.duration);
  }

  protected valueAt(place: Place): number {
    let start = 0;
    let value = 0;
    for (const { end, from, to } of this.#phases(this.stepsIn(place, this.duration))) {
      const done = end > start ? Math.min(1, (place.step - start) / (end - start)) : 1;
      value = this.annealStrategy === 'cos' ? cosineBetween(from, to, done) : from + (to - from) * done;
      if (place.step <= end) break;
      start = end;
    }
    return value;
  }

  #phases(steps: number): Phase[] {
    const { maxLearningRate: max, pctStart } = this;
    const first = max / this.divFactor;
    const last = first / this.finalDivFactor;
    const top = { end: pctStart * steps - 1, from: first, to: max };
    if (!this.threePhase) return [top, { end: steps - 1, from: max, to: last }];
    const down = { end: 2 * pctStart * steps - 2, from: max, to: first };
    return [top, down, { end: steps - 1, from: first, to: last }];
  }

  protected options(): Record<string, unknown> {
    const { maxLearningRate, pctStart, divFactor, finalDivFactor, annealStrategy, threePhase, duration } = this;
    return {
      maxLearningRate,
      pctStart,
      divFactor,
      finalDivFactor,
      annealStrategy,
      threePhase,
      ...(duration !== undefined && { duration }),
    };
  }
}
