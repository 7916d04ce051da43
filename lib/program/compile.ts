import type { Augmentation } from '../augmentations/augmentation.js';
import type { LossRule } from '../losses/loss.js';
import { type IsaName, type NativeProgram, native } from '../native.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { describeProgram } from './describe-program.js';
import type { CallDescription, ElementType, ProgramDescription } from './description.js';
import type { Operation, Parameter, Value } from './operation.js';
import { macsOf } from './profile.js';

/** A network as its layers traced it: operations in an order in which each comes after what it reads. */
export interface TracedNetwork {
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly operations: readonly Operation[];
  readonly parameters: readonly Parameter[];
}

/** How raw pixels become an input of the network: `x * scale[c] + shift[c]`, for `uint8` samples. */
export interface InputTransform {
  readonly channels: number;
  readonly scale: readonly number[];
  readonly shift: readonly number[];
}

/**
 * What a program does in a step.
 *
 * - `train`: loss, gradients, update. Stores: parameters, optimizer state.
 * - `gradients`: loss and gradients without an update, put out for inspection. Stores: parameters, gradients; output: the
 *   gradients of the inputs, one after another for each sample.
 * - `evaluate`: loss and metrics. Stores: parameters.
 * - `assess`: the same, and puts out the loss of every sample, with its output behind it. Stores: parameters.
 * - `predict`: output. Stores: parameters.
 */
export type Mode = 'train' | 'gradients' | 'evaluate' | 'assess' | 'predict';

export interface CompileOptions {
  readonly mode: Mode;
  readonly batchSize: number;
  readonly element: ElementType;
  readonly isa: IsaName;
  /** One for each input. */
  readonly transforms: readonly InputTransform[];
  /** For every mode but `predict`. */
  readonly loss?: LossRule | undefined;
  /**
   * Whether steps count right answers.
   * @default true
   */
  readonly accuracy?: boolean;
  /**
   * What random layers draw from, in training.
   * @default 0
   */
  readonly seed?: number;
  /** How samples of the single input are changed, drawn from the seed. */
  readonly augment?: readonly Augmentation[] | undefined;
  /**
   * For `predict`: whether layers behave as in training.
   * @default false
   */
  readonly training?: boolean;
  /**
   * For `gradients`: whether those of the inputs are computed and put out.
   * @default true
   */
  readonly inputGradients?: boolean;
  /** For `train`. */
  readonly optimizer?: Optimizer | undefined;
  /**
   * For `predict`: the values to put out, one after another for each sample.
   * @default the network's output
   */
  readonly outputs?: readonly Value[] | undefined;
}

export interface CompiledProgram {
  readonly native: NativeProgram;
  readonly description: ProgramDescription;
  /** What a sample costs, in multiply-adds of a convolution; 0 where lanes are samples. */
  readonly workOfSample: number;
}

/** A weight of a dense layer serves a single multiply-add, and comes from memory: it costs as much as so many others. */
const DENSE_COST = 8;

/** Turns a network into a program for one mode and one largest batch size. */
export function compile(network: TracedNetwork, options: CompileOptions): CompiledProgram {
  const description = describeProgram(network, options);
  const { calls, samplesPerGroup } = description;
  const cost = (call: CallDescription) => macsOf(call) * (call.op === 'flatDense' ? DENSE_COST : 1);
  const workOfSample = samplesPerGroup === 1 ? calls.reduce((sum, call) => sum + cost(call), 0) : 0;
  return { native: new native.Program(description), description, workOfSample };
}
