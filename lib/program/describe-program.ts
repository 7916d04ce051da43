import { imageInput } from '../augmentations/image-input.js';
import { augmentAttributes } from '../augmentations/lower.js';
import { type Shape, sizeOf } from '../util/shape.js';
import type { Buffer } from './buffer.js';
import { MOST_CHANNEL_LANE_SAMPLES } from './channel-lanes.js';
import type { CompileOptions, InputTransform, Mode, TracedNetwork } from './compile.js';
import type { Attributes, ProgramDescription } from './description.js';
import { Emitter } from './emitter.js';
import { fuse } from './fusion.js';
import { layerOf, type Operation, type Value } from './operation.js';
import { flat } from './operations/reshape.js';
import { emitPenalties, emitPenaltyGradient } from './penalties.js';
import { STEP_METRICS } from './step-metrics.js';

/** What follows from a network and the options before anything is emitted. */
interface Plan {
  /** Whether layers behave as in training. */
  readonly training: boolean;
  readonly backward: boolean;
  /** Whether gradients of the inputs are put out. */
  readonly inputGradients: boolean;
  /** What the loss reads, of a softmax at the end its logits; of a prediction the network's output. */
  readonly target: Value;
  /** Values to put out. */
  readonly results: readonly Value[];
  /** Those that are needed, fused. */
  readonly operations: readonly Operation[];
  /** How they are emitted where lanes are channels. */
  readonly rules: readonly ((emit: Emitter) => void)[] | undefined;
  readonly vectors: boolean;
  /** Attributes of the calls that augment samples, where any are. */
  readonly augmenting: Attributes | undefined;
}

/** The plain description `compile` hands to native code. */
export function describeProgram(network: TracedNetwork, options: CompileOptions): ProgramDescription {
  const { mode, isa, loss, optimizer } = options;
  const plan = planOf(network, options);
  const emit = emitterOf(network, options, plan);
  emitInputs(emit, network, options, plan);
  plan.operations.forEach((operation, i) => {
    emit.label = labelOf(operation);
    if (plan.rules) plan.rules[i]?.(emit);
    else operation.forward(emit);
  });
  if (plan.backward) wantGradients(emit, network, plan);
  const sampleLosses = mode === 'predict' ? undefined : emitLoss(emit, network, options, plan);
  if (plan.backward) emitGradients(emit, network, plan);
  if (mode === 'train') required(optimizer).emit(emit, network.parameters);
  const outputElements = emitResults(emit, network, plan, mode, sampleLosses);
  const reads = mode === 'predict' ? undefined : required(loss).reads;
  return emit.finish({
    isa,
    inputElements: network.inputs.map(({ shape }) => sizeOf(shape)),
    classes: reads === 'labels' ? sizeOf(plan.target.shape) : 0,
    targetElements: reads === 'targets' ? sizeOf(plan.target.shape) : 0,
    outputElements,
    metrics: mode === 'predict' ? 0 : STEP_METRICS.length,
    scalars: mode === 'train' ? required(optimizer).scalars : 0,
  });
}

function planOf(network: TracedNetwork, options: CompileOptions): Plan {
  const { mode, batchSize, element, isa, loss, outputs = [network.output] } = options;
  const backward = mode === 'train' || mode === 'gradients';
  const { training = backward, inputGradients = mode === 'gradients' } = options;
  const target = mode === 'predict' ? network.output : required(loss).inputOf(network.output);
  const results = mode === 'predict' ? outputs : mode === 'assess' ? [network.output] : [];
  const kept = mode === 'predict' ? results : [target, ...results];
  const operations = fuse(neededFor(kept, network.operations), kept, training);
  const vectors = isa !== 'scalar' && element === 'float32';
  const small = mode === 'predict' && !training && vectors && batchSize <= MOST_CHANNEL_LANE_SAMPLES;
  const rules = small ? channelRules(operations) : undefined;
  const augmenting = augmentingOf(network, options);
  return { training, backward, inputGradients, target, results, operations, rules, vectors, augmenting };
}

function emitterOf({ parameters }: TracedNetwork, options: CompileOptions, plan: Plan): Emitter {
  const { mode, batchSize, element, optimizer, seed = 0 } = options;
  return new Emitter({
    element,
    vectors: plan.vectors,
    channelLanes: plan.rules !== undefined,
    training: plan.training,
    updates: mode === 'train',
    batchSize,
    parameterStore: 0,
    gradientStore: mode === 'gradients' ? 1 : null,
    seed,
    stores: storesOf(mode, parameters.length, optimizer),
  });
}

/** The layer of an operation; of one with an activation fused into it, the layer that holds the weights. */
function labelOf({ parameters, output }: Operation): string {
  const [first] = parameters;
  return first ? layerOf(first) : (output.label ?? '');
}

function storesOf(mode: Mode, slots: number, optimizer: CompileOptions['optimizer']): number[] {
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

function emitInputs(
  emit: Emitter,
  { inputs }: TracedNetwork,
  { transforms }: CompileOptions,
  { rules, augmenting }: Plan,
): void {
  for (const [part, input] of inputs.entries()) {
    emit.label = input.label ?? '';
    (rules ? emitChannelGather : emitGather)(emit, part, input, transforms[part] as InputTransform, augmenting);
  }
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

/** Says which values have a gradient, before any is emitted. */
function wantGradients(emit: Emitter, { inputs }: TracedNetwork, { operations, inputGradients }: Plan): void {
  if (inputGradients) for (const input of inputs) emit.want(input);
  for (const { parameters, inputs: read, output } of operations) {
    if (parameters.some(({ trainable }) => trainable) || read.some((value) => emit.wants(value))) emit.want(output);
  }
}

/** Gives the losses of the samples, of a loss that has them. */
function emitLoss(emit: Emitter, network: TracedNetwork, options: CompileOptions, plan: Plan): Buffer | undefined {
  const { accuracy = true, augment } = options;
  const { backward } = plan;
  const loss = required(options.loss);
  const mixing = augment?.some(({ mixes }) => mixes) ? plan.augmenting : undefined;
  emit.label = 'loss';
  const sampleLosses = loss.emit(emit, network.output, { backward, accuracy, mixing });
  // A mean is made of a sum over samples; a sum has the penalty once, for a step or for a whole evaluation.
  const per = loss.reduction !== 'sum' ? 'sample' : backward ? 'step' : 'run';
  emitPenalties(emit, network.parameters, STEP_METRICS.indexOf('loss'), per);
  return sampleLosses;
}

function emitGradients(emit: Emitter, { parameters }: TracedNetwork, { operations }: Plan): void {
  for (const operation of [...operations].reverse()) {
    emit.label = labelOf(operation);
    if (emit.wants(operation.output)) operation.gradient(emit);
  }
  for (const parameter of parameters) {
    emit.label = layerOf(parameter);
    emitPenaltyGradient(emit, parameter);
  }
}

/** Puts out what the mode says, one after another for each sample; gives the elements of a sample. */
function emitResults(
  emit: Emitter,
  { inputs }: TracedNetwork,
  { inputGradients, results, rules }: Plan,
  mode: Mode,
  sampleLosses: Buffer | undefined,
): number {
  let first = 0;
  const put = (x: Buffer, shape: Shape) => {
    const features = sizeOf(shape);
    emit.compute(rules ? 'flatOutput' : 'output', { x }, { first, features });
    first += features;
  };
  emit.label = 'output';
  if (inputGradients) for (const input of inputs) put(emit.gradientOf(input), input.shape);
  if (mode === 'assess') put(required(sampleLosses), [1]);
  for (const value of results) {
    const buffer = emit.bufferOf(value);
    put(rules ? flat(emit, buffer, value.shape) : buffer, value.shape);
  }
  return first;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('cnnative: this mode needs a loss and, to train, an optimizer');
  return value;
}
