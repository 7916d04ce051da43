import type { Emitter } from '../program/emitter.js';
import type { Parameter } from '../program/operation.js';
import { isSchedule, type Schedule } from '../schedules/schedule.js';

/** How parameters follow their gradients, as a rule. */
export interface Optimizer {
  /** Step size of the next steps, or the schedule it follows. May be changed between two calls of `fit`. */
  learningRate: number | Schedule;
  /** State tensors kept for each parameter, each of the parameter's size, zero at first. */
  readonly stateSlots: number;
  /** Numbers that each step hands to the calls of `emit`. */
  readonly scalars: number;
  /** Those numbers, for a step of this size; `update` counts the steps since `compile`, from 0. */
  stepScalars(learningRate: number, update: number): readonly number[];
  /**
   * Emits the update of one parameter. State `k` of the parameter is slot `k * parameters + parameter.slot` of store 1,
   * its gradient `emit.finishedGradient(parameter)`; scalars are those of `stepScalars`.
   */
  emit(emit: Emitter, parameter: Parameter, parameters: number): void;
  /** Plain data from which `optimizerFromConfig` makes the same optimizer. */
  config(): OptimizerConfig;
}

/** Whether a value is an optimizer. */
export function isOptimizer(value: unknown): value is Optimizer {
  if (typeof value !== 'object' || value === null) return false;
  const { learningRate, stateSlots, scalars, stepScalars, emit, config } = value as Partial<Optimizer>;
  return (
    (typeof learningRate === 'number' || isSchedule(learningRate)) &&
    Number.isInteger(stateSlots) &&
    Number.isInteger(scalars) &&
    typeof stepScalars === 'function' &&
    typeof emit === 'function' &&
    typeof config === 'function'
  );
}

export interface OptimizerConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}
