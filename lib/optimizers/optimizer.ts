import type { Emitter } from '../program/emitter.js';
import type { Parameter } from '../program/operation.js';
import { isSchedule, type Schedule } from '../schedules/schedule.js';
import type { Average } from './average.js';

/** How parameters follow their gradients, as a rule. */
export interface Optimizer {
  /** Step size of the next steps, or the schedule it follows. May be changed between two calls of `fit`. */
  learningRate: number | Schedule;
  /** State tensors kept for each parameter, each of the parameter's size, zero at first. @internal */
  readonly stateSlots: number;
  /** Numbers that each step hands to the calls of `emit`. @internal */
  readonly scalars: number;
  /**
   * Steps whose gradients make one update.
   * @default 1
   */
  readonly accumulate?: number;
  /** The average of weights that it keeps, if any. */
  readonly average?: Average | undefined;
  /** State tensor that holds the average. @internal */
  readonly averageState?: number;
  /**
   * Those numbers, for a step of this size; `step` counts the steps since `compile`, from 0.
   *
   * @param progress share of the training's steps that are done with this one
   * @internal
   */
  stepScalars(learningRate: number, step: number, progress: number): readonly number[];
  /**
   * Emits the updates of all trained parameters. State `k` of a parameter is slot `k * parameters.length + parameter.slot`
   * of store 1, its gradient `emit.finishedGradient(parameter)`; scalars are those of `stepScalars`.
   *
   * @param parameters all of the model, untrained ones too
   * @internal
   */
  emit(emit: Emitter, parameters: readonly Parameter[]): void;
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
