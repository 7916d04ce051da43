import type { Emitter } from '../program/emitter.js';
import type { Parameter } from '../program/operation.js';

/** How parameters follow their gradients, as a rule. */
export interface Optimizer {
  /** Step size of the next steps. May be changed between two calls of `fit`. */
  learningRate: number;
  /** State tensors kept for each parameter, each of the parameter's size, zero at first. */
  readonly stateSlots: number;
  /**
   * Emits the update of one parameter. State `k` of the parameter is slot `k * parameters + parameter.slot` of store 1,
   * its gradient `emit.finishedGradient(parameter)`, the learning rate the step's scalar 0.
   */
  emit(emit: Emitter, parameter: Parameter, parameters: number): void;
  /** Plain data from which `optimizerFromConfig` makes the same optimizer. */
  config(): OptimizerConfig;
}

/** Whether a value is an optimizer. */
export function isOptimizer(value: unknown): value is Optimizer {
  if (typeof value !== 'object' || value === null) return false;
  const { learningRate, stateSlots, emit, config } = value as Partial<Optimizer>;
  return (
    typeof learningRate === 'number' &&
    Number.isInteger(stateSlots) &&
    typeof emit === 'function' &&
    typeof config === 'function'
  );
}

export interface OptimizerConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}
