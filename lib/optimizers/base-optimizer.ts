import type { Buffer } from '../program/buffer.js';
import type { Attributes } from '../program/description.js';
import type { Emitter } from '../program/emitter.js';
import { layerOf, type Parameter } from '../program/operation.js';
import { checkRate, rateConfig } from '../schedules/rate.js';
import type { Schedule } from '../schedules/schedule.js';
import { checkBoolean, checkInteger, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { sizeOf } from '../util/shape.js';
import type { Average, AverageConfig } from './average.js';
import { checkAverage } from './averages.js';
import { CLIPPING_OPTIONS, Clipping, type ClippingOptions } from './clipping.js';
import type { Optimizer, OptimizerConfig } from './optimizer.js';
import { StepScalar } from './step-scalars.js';

/** Options of every optimizer. */
export interface OptimizerOptions extends ClippingOptions {
  /** Step size, or a schedule of it. */
  learningRate?: number | Schedule;
  /**
   * How strongly weights are drawn to zero, from 0. Of all trained parameters, biases too.
   * @default 0
   */
  weightDecay?: number;
  /**
   * Steps whose gradients are averaged to make one update. Each step weighs the same, however many samples it has. An update that `fit` leaves
   * unfinished goes on with the next `fit`.
   * @default 1
   */
  accumulate?: number;
  /** An average of the weights, such as `averages.ema({ decay: 0.999 })`. By default none is kept. */
  average?: Average | AverageConfig;
}

/** Of optimizers that leave the way of weight decay to the user. */
export interface DecayOptions {
  /**
   * Whether weights decay beside the gradient, `w -= learningRate * weightDecay * w` (Loshchilov and Hutter, "Decoupled weight decay
   * regularization", 2019), rather than through it, `g += weightDecay * w` (PyTorch's `weight_decay`).
   * @default false
   */
  decoupled?: boolean;
}

const SHARED = ['learningRate', 'weightDecay', 'accumulate', 'average', ...CLIPPING_OPTIONS] as const;

/** What an optimizer says of itself where its defaults are not everybody's. */
export interface OptimizerDefaults {
  readonly learningRate: number;
  readonly weightDecay?: number;
  /** Given where the user has no choice. */
  readonly decoupled?: boolean;
}

/** The update of one parameter: its tensors, and what all rules have in common. */
export interface ParameterUpdate {
  readonly parameter: Parameter;
  readonly operands: Readonly<Record<string, Buffer>>;
  readonly attributes: Attributes;
  /** State `k` of the parameter. */
  state(k: number): Buffer;
}

/** Learning rate, weight decay, clipping, accumulation and averages, around a rule for each parameter. */
export abstract class BaseOptimizer implements Optimizer {
  /** Name in `optimizers`. */
  readonly type: string;
  readonly weightDecay: number;
  readonly decoupled: boolean;
  readonly accumulate: number;
  readonly average: Average | undefined;
  /** State tensors of the rule itself. */
  protected abstract readonly ownSlots: number;
  #learningRate: number | Schedule = 0;
  readonly #clipping: Clipping;
  readonly #defaults: OptimizerDefaults;

  protected constructor(
    type: string,
    options: OptimizerOptions & DecayOptions,
    own: readonly string[],
    defaults: OptimizerDefaults,
  ) {
    const who = `optimizers.${type}`;
    const { decoupled: always } = defaults;
    checkOptions(who, options, [...own, ...SHARED, ...(always === undefined ? ['decoupled'] : [])]);
    this.type = type;
    this.#defaults = defaults;
    const { learningRate = defaults.learningRate } = options;
    this.learningRate = learningRate;
    const { weightDecay = defaults.weightDecay ?? 0, decoupled = always ?? false, accumulate = 1, average } = options;
    this.weightDecay = checkNumber(who, 'weightDecay', weightDecay, 0);
    this.decoupled = checkBoolean(who, 'decoupled', decoupled);
    this.accumulate = checkInteger(who, 'accumulate', accumulate, 1, 2 ** 31 - 1);
    this.average = average === undefined ? undefined : checkAverage(who, average);
    this.#clipping = new Clipping(who, options);
  }

  get learningRate(): number | Schedule {
    return this.#learningRate;
  }

  set learningRate(value: number | Schedule) {
    this.#learningRate = checkRate(`optimizers.${this.type}`, value);
  }

  get stateSlots(): number {
    return this.averageState + (this.average ? 1 : 0);
  }

  get averageState(): number {
    return this.ownSlots + (this.accumulate > 1 ? 1 : 0);
  }

  get scalars(): number {
    return StepScalar.own + this.ownScalars(0, 0).length;
  }

  stepScalars(learningRate: number, step: number, progress: number): readonly number[] {
    const update = Math.floor(step / this.accumulate);
    const updates = (step + 1) % this.accumulate === 0;
    const averages = updates && this.average !== undefined && (update + 1) % this.average.steps === 0;
    const flags = [Number(updates), Number(updates && update === 0), Number(averages)];
    const share = this.average?.shareAt?.(progress) ?? 0;
    return [this.rateOf(learningRate, update), ...flags, share, ...this.ownScalars(learningRate, update)];
  }

  /** The rate of an update, from 0, where that is not the learning rate. */
  protected rateOf(learningRate: number, _update: number): number {
    return learningRate;
  }

  /** Numbers of an update, from 0, that the rule itself needs. */
  protected ownScalars(_learningRate: number, _update: number): readonly number[] {
    return [];
  }

  emit(emit: Emitter, parameters: readonly Parameter[]): void {
    const trained = parameters.filter(({ trainable }) => trainable);
    const state = (parameter: Parameter, k: number) =>
      emit.variable(1, k * parameters.length + parameter.slot, sizeOf(parameter.shape));
    const gate = StepScalar.updates;
    if (this.accumulate > 1) {
      for (const parameter of trained) {
        emit.label = layerOf(parameter);
        const operands = { g: emit.finishedGradient(parameter), sum: state(parameter, this.ownSlots) };
        const attributes = { elements: sizeOf(parameter.shape), gate, steps: this.accumulate };
        emit.update('collectGradient', operands, attributes);
      }
    }
    const clipped = this.#clipping.emit(emit, trained);
    const averaged = parameters.filter(({ frozen }) => this.average && !frozen);
    const tensorsOf = (parameter: Parameter) => {
      emit.label = layerOf(parameter);
      const average = state(parameter, this.averageState);
      return { w: emit.parameter(parameter), average, elements: sizeOf(parameter.shape) };
    };
    for (const parameter of averaged) this.average?.emitBefore(emit, tensorsOf(parameter));
    this.emitUpdates(
      emit,
      trained.map((parameter): ParameterUpdate => {
        const { operands, attributes } = clipped(parameter);
        return {
          parameter,
          operands: { ...operands, w: emit.parameter(parameter), g: emit.finishedGradient(parameter) },
          attributes: {
            ...attributes,
            ...{ elements: sizeOf(parameter.shape), gate, rate: StepScalar.rate },
            ...{ rateFactor: parameter.rateFactor ?? 1, decay: this.weightDecay, decoupled: this.decoupled ? 1 : 0 },
          },
          state: (k) => state(parameter, k),
        };
      }),
    );
    for (const parameter of averaged) this.average?.emitAfter(emit, tensorsOf(parameter));
  }

  /** Emits the rule for every trained parameter. */
  protected emitUpdates(emit: Emitter, updates: readonly ParameterUpdate[]): void {
    for (const update of updates) {
      emit.label = layerOf(update.parameter);
      this.emitUpdate(emit, update);
    }
  }

  protected abstract emitUpdate(emit: Emitter, update: ParameterUpdate): void;

  /** Options of the rule itself. */
  protected abstract ownConfig(): Record<string, unknown>;

  config(): OptimizerConfig {
    const { type, weightDecay, decoupled, accumulate, average } = this;
    const { weightDecay: usual = 0, decoupled: always } = this.#defaults;
    return {
      type,
      learningRate: rateConfig(this.learningRate),
      ...this.ownConfig(),
      ...(weightDecay !== usual && { weightDecay }),
      ...(always === undefined && decoupled && { decoupled }),
      ...this.#clipping.config(),
      ...(accumulate > 1 && { accumulate }),
      ...(average && { average: average.config() }),
    };
  }
}

/** A share of what was before: from 0 to below 1. @throws InvalidArgumentError otherwise */
export function checkShare(who: string, name: string, value: number): number {
  return checkNumber(who, name, value, 0, 1 - Number.EPSILON);
}
