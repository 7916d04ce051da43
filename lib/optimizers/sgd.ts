import type { Emitter } from '../program/emitter.js';
import type { Parameter } from '../program/operation.js';
import { checkRate, rateConfig } from '../schedules/rate.js';
import type { Schedule } from '../schedules/schedule.js';
import { checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { sizeOf } from '../util/shape.js';
import type { Optimizer, OptimizerConfig } from './optimizer.js';

export interface SgdOptions {
  /**
   * Step size, or a schedule of it.
   * @default 0.01
   */
  learningRate?: number | Schedule;
  /**
   * Weight of the gradients before, from 0 to below 1.
   * @default 0
   */
  momentum?: number;
}

/**
 * Stochastic gradient descent. With momentum `v = momentum * v + g; w -= learningRate * v` (PyTorch's form), without it
 * `w -= learningRate * g`.
 */
export class Sgd implements Optimizer {
  #learningRate: number | Schedule = 0;
  readonly scalars = 1;
  readonly momentum: number;

  constructor(options: SgdOptions = {}) {
    checkOptions('optimizers.sgd', options, ['learningRate', 'momentum']);
    const { learningRate = 0.01, momentum = 0 } = options;
    this.learningRate = learningRate;
    this.momentum = checkNumber('optimizers.sgd', 'momentum', momentum, 0, 1 - Number.EPSILON);
  }

  get learningRate(): number | Schedule {
    return this.#learningRate;
  }

  set learningRate(value: number | Schedule) {
    this.#learningRate = checkRate('optimizers.sgd', value);
  }

  get stateSlots(): number {
    return this.momentum === 0 ? 0 : 1;
  }

  stepScalars(learningRate: number): readonly number[] {
    return [learningRate];
  }

  emit(emit: Emitter, parameter: Parameter): void {
    const elements = sizeOf(parameter.shape);
    const operands = { w: emit.parameter(parameter), g: emit.finishedGradient(parameter) };
    if (this.momentum === 0) {
      emit.update('sgd', operands, { elements, rate: 0 });
    } else {
      const v = emit.variable(1, parameter.slot, elements);
      emit.update('sgd', { ...operands, v }, { elements, rate: 0, momentum: this.momentum });
    }
  }

  config(): OptimizerConfig {
    return { type: 'sgd', learningRate: rateConfig(this.learningRate), momentum: this.momentum };
  }
}
