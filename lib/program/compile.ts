import type { Augmentation } from '../augmentations/augmentation.js';
import { imageInput } from '../augmentations/image-input.js';
import { augmentAttributes } from '../augmentations/lower.js';
import type { LossRule } from '../losses/loss.js';
import { type IsaName, type NativeProgram, native } from '../native.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { type Shape, sizeOf } from '../util/shape.js';
import type { Buffer } from './buffer.js';
import { MOST_CHANNEL_LANE_SAMPLES } from './channel-lanes.js';
import type { Attributes, CallDescription, ElementType, ProgramDescription } from './description.js';
import { Emitter } from './emitter.js';
import { fuse } from './fusion.js';
import { layerOf, type Operation, type Parameter, type Value } from './operation.js';
import { flat } from './operations/reshape.js';
import { emitPenalties, emitPenaltyGradient } from './penalties.js';
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

/** Names of what a step records, in order: sums over its samples. */
export const STEP_METRICS = ['loss', 'accuracy'] as const;

/** Turns a network into a program for one mode and one largest batch size. */
export function compile(network: TracedNetwork, options: CompileOptions): CompiledProgram {
  const description = describeProgram(network, options);
  const { calls, samplesPerGroup } = description;
  const cost = (call: CallDescription) => macsOf(call) * (call.op === 'flatDense' ? DENSE_COST : 1);
  const workOfSample = samplesPerGroup === 1 ? calls.reduce((sum, call) => sum + cost(call), 0) : 0;
  return { native: new native.Program(description), description, workOfSample };
}

/** The plain description `compile` hands to native code. */
export function describeProgram(network: TracedNetwork, options: CompileOptions): ProgramDescription {
  const { mode, batchSize, element, isa, transforms, loss, optimizer, accuracy = true, seed = 0 } = options;
  const { outputs: predicted = [network.output], inputGradients = mode === 'gradients' } = options;
  const { training = mode === 'train' || mode === 'gradients' } = options;
  const slots = network.parameters.length;
  const backward = mode === 'train' || mode === 'gradients';
  // The loss decides which value it reads: of a softmax at the end, its logits.
  const augmenting = augmentingOf(network, options);
  const mixing = options.augment?.some(({ mixes }) => mixes) ? augmenting : undefined;
  const target = mode === 'predict' ? network.output : required(loss).inputOf(network.output);
  const kept = mode === 'predict' ? predicted : mode === 'assess' ? [target, network.output] : [target];
  const operations = fuse(neededFor(kept, network.operations), kept, training);
  const vectors = isa !== 'scalar' && element === 'float32';
  const small = mode === 'predict' && !training && vectors && batchSize <= MOST_CHANNEL_LANE_SAMPLES;
  const rules = small ? channelRules(operations) : undefined;
  const emit = new Emitter({
    element,
    vectors,
    channelLanes: rules !== undefined,
    training,
    updates: mode === 'train',
    batchSize,
    parameterStore: 0,
    gradientStore: mode === 'gradients' ? 1 : null,
    seed,
    stores: storesOf(mode, slots, optimizer),
  });

  for (const [part, input] of network.inputs.entries()) {
    emit.label = input.label ?? '';
    (rules ? emitChannelGather : emitGather)(emit, part, input, transforms[part] as InputTransform, augmenting);
  }
  operations.forEach((operation, i) => {
    emit.label = labelOf(operation);
    if (rules) rules[i]?.(emit);
    else operation.forward(emit);
  });

  if (backward) {
    if (inputGradients) for (const input of network.inputs) emit.want(input);
    for (const operation of operations) {
      if (
        operation.parameters.some((parameter) => parameter.trainable) ||
        operation.inputs.some((value) => emit.wants(value))
      ) {
        emit.want(operation.output);
      }
    }
  }
  emit.label = 'loss';
  const sampleLosses =
    mode === 'predict' ? undefined : required(loss).emit(emit, network.output, { backward, accuracy, mixing });
  if (mode !== 'predict') {
    // A mean is made of a sum over samples; a sum has the penalty once, for a step or for a whole evaluation.
    const per = required(loss).reduction !== 'sum' ? 'sample' : backward ? 'step' : 'run';
    emitPenalties(emit, network.parameters, STEP_METRICS.indexOf('loss'), per);
  }
  if (backward) {
    for (const operation of [...operations].reverse()) {
      emit.label = labelOf(operation);
      if (emit.wants(operation.output)) operation.gradient(emit);
    }
  }
  if (backward) {
    for (const parameter of network.parameters) {
      emit.label = layerOf(parameter);
      emitPenaltyGradient(emit, parameter);
    }
  }
  if (mode === 'train') {
    required(optimizer).emit(emit, network.parameters);
  }
  emit.label = 'output';
  const outputs: [Buffer, number][] = [];
  const put = (buffer: Buffer, shape: Shape) => outputs.push([buffer, sizeOf(shape)]);
  if (inputGradients) for (const input of network.inputs) put(emit.gradientOf(input), input.shape);
  if (mode === 'assess') put(required(sampleLosses), [1]);
  for (const value of mode === 'predict' ? predicted : mode === 'assess' ? [network.output] : []) {
    put(rules ? flat(emit, emit.bufferOf(value), value.shape) : emit.bufferOf(value), value.shape);
  }
  const outputElements = emitOutputs(emit, rules ? 'flatOutput' : 'output', outputs);
  const reads = mode === 'predict' ? undefined : required(loss).reads;

  return emit.finish({
    isa,
    inputElements: network.inputs.map(({ shape }) => sizeOf(shape)),
    classes: reads === 'labels' ? sizeOf(target.shape) : 0,
    targetElements: reads === 'targets' ? sizeOf(target.shape) : 0,
    outputElements,
    metrics: mode === 'predict' ? 0 : STEP_METRICS.length,
    scalars: mode === 'train' ? required(optimizer).scalars : 0,
  });
}

/** The layer of an operation; of one with an activation fused into it, the layer that holds the weights. */
function labelOf({ parameters, output }: Operation): string {
  const [first] = parameters;
  return first ? layerOf(first) : (output.label ?? '');
}

function storesOf(mode: Mode, slots: number, optimizer: Optimizer | undefined): number[] {
  if (mode === 'train') return [slots, slots * required(optimizer).stateSlots];
  return mode === 'gradients' ? [slots, slots] : [slots];
}

/** The operations that values depend on, in their order. */
function neededFor(values: readonly Value[], operations: readonly Operation[]): Operation[] {
  const needed = new Set<Value>(values);
  for (const operation of [...operations].reverse()) {
    if (!needed.has(operation.output)) continue;
    for (const value of operation.inputs) needed.add(value);
  }
  return operations.filter((operation) => needed.has(operation.output));
}

/** The rules of all operations for lanes of channels, or none unless every one has such a rule. */
function channelRules(operations: readonly Operation[]): ((emit: Emitter) => void)[] | undefined {
  const rules = operations.map((operation) => operation.forwardOnChannels?.());
  return rules.every((rule) => rule !== undefined) ? rules : undefined;
}

/** Attributes of the calls that augment samples, where any are. */
function augmentingOf({ inputs }: TracedNetwork, options: CompileOptions): Attributes | undefined {
  const { augment, transforms, seed = 0 } = options;
  const [input] = inputs;
  if (!augment || !input) return undefined;
  return augmentAttributes(
    'cnnative',
    augment,
    imageInput('cnnative', input.shape, transforms[0] as InputTransform),
    seed,
  );
}

/** Flat samples have no pixels: with lanes of channels, every feature is a channel. */
function emitChannelGather(emit: Emitter, part: number, input: Value, transform: InputTransform): void {
  const [channels = 0, ...spatial] = input.shape;
  const each = (values: readonly number[]) =>
    values.length === channels ? values : new Array<number>(channels).fill(values[0] ?? 0);
  const [scale, shift] = [each(transform.scale), each(transform.shift)];
  emit.compute('channelGather', { y: emit.define(input) }, { part, channels, pixels: sizeOf(spatial), scale, shift });
}

function emitGather(
  emit: Emitter,
  part: number,
  input: Value,
  { channels, scale, shift }: InputTransform,
  augmenting: Attributes | undefined,
): void {
  if (augmenting) {
    emit.compute('augmentedGather', { y: emit.define(input) }, { ...augmenting, part, scale, shift });
    return;
  }
  const pixels = sizeOf(input.shape) / channels;
  emit.compute('gather', { y: emit.define(input) }, { part, channels, pixels, scale, shift });
}

/** Puts buffers of so many features out, one after another for each sample; gives the elements of a sample. */
function emitOutputs(
  emit: Emitter,
  op: 'output' | 'flatOutput',
  outputs: readonly (readonly [Buffer, number])[],
): number {
  let first = 0;
  for (const [x, features] of outputs) {
    emit.compute(op, { x }, { first, features });
    first += features;
  }
  return first;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('cnnative: this mode needs a loss and, to train, an optimizer');
  return value;
}
