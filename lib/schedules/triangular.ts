import { checkChoice, checkPositive } from '../util/check.js';
import { BaseSchedule, type Place, reached, type UnitOption } from './base-schedule.js';
import { checkRateOption } from './check.js';

/** Options of `schedules.triangular`. */
export interface TriangularOptions extends UnitOption {
  /** Rate at the feet of the triangles, from 0. */
  baseLearningRate: number;
  /** Rate at the first top, from 0. */
  maxLearningRate: number;
  /** Length of the way up; above 0. */
  stepSizeUp: number;
  /**
   * Length of the way down; above 0.
   * @default stepSizeUp
   */
  stepSizeDown?: number;
  /**
   * `'triangular'`: all tops alike. `'triangular2'`: each half as high above the feet as the one before. `'expRange'`: heights
   * shrink by `gamma` per unit.
   * @default 'triangular'
   */
  mode?: TriangularMode;
  /**
   * For `'expRange'`; above 0. With `unit: 'steps'` it is PyTorch's.
   * @default 1
   */
  gamma?: number;
}

/** How the peaks of a triangular schedule follow each other. */
export type TriangularMode = 'triangular' | 'triangular2' | 'expRange';

/** PyTorch's CyclicLR (L. Smith, Cyclical learning rates, 2015). Momentum stays as it is. */
export class TriangularSchedule extends BaseSchedule {
  readonly baseLearningRate: number;
  readonly maxLearningRate: number;
  readonly stepSizeUp: number;
  readonly stepSizeDown: number;
  readonly mode: TriangularMode;
  readonly gamma: number;

  constructor(options: TriangularOptions) {
    super('triangular', options, [
      'baseLearningRate',
      'maxLearningRate',
      'stepSizeUp',
      'stepSizeDown',
      'mode',
      'gamma',
    ]);
    const { who } = this;
    const { stepSizeUp, stepSizeDown = stepSizeUp, mode = 'triangular', gamma = 1 } = options;
    this.baseLearningRate = checkRateOption(who, 'baseLearningRate', options.baseLearningRate);
    this.maxLearningRate = checkRateOption(who, 'maxLearningRate', options.maxLearningRate);
    this.stepSizeUp = checkPositive(who, 'stepSizeUp', stepSizeUp);
    this.stepSizeDown = checkPositive(who, 'stepSizeDown', stepSizeDown);
    this.mode = checkChoice(who, 'mode', mode, ['triangular', 'triangular2', 'expRange']);
    this.gamma = checkPositive(who, 'gamma', gamma);
  }

  protected valueAt(place: Place): number {
    const units = this.unitsAt(place);
    const length = this.stepSizeUp + this.stepSizeDown;
    const cycle = reached(units / length);
    const within = Math.max(0, units - cycle * length);
    const height =
      within <= this.stepSizeUp ? within / this.stepSizeUp : Math.max(0, (length - within) / this.stepSizeDown);
    return this.baseLearningRate + (this.maxLearningRate - this.baseLearningRate) * height * this.#scale(cycle, units);
  }

  #scale(cycle: number, units: number): number {
    if (this.mode === 'triangular2') return 0.5 ** cycle;
    return this.mode === 'expRange' ? this.gamma ** units : 1;
  }

  protected options(): Record<string, unknown> {
    const { baseLearningRate, maxLearningRate, stepSizeUp, stepSizeDown, mode, gamma } = this;
    return { baseLearningRate, maxLearningRate, stepSizeUp, stepSizeDown, mode, gamma };
  }
}
