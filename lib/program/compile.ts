import type { Loss } from '../losses/loss.js';
import { type IsaName, type NativeProgram, native } from '../native.js';
import type { Optimizer } from '../optimizers/optimizer.js';
import { sizeOf } from '../util/shape.js';
import type { ElementType, ProgramDescription } from './description.js';
import { type Buffer, Emitter } from './emitter.js';
import { fuse } from './fusion.js';
import type { Operation, Parameter, Value } from './operation.js';

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
 * - `predict`: output. Stores: parameters.
 */
export type Mode = 'train' | 'gradients' | 'evaluate' | 'predict';

export interface CompileOptions {
  readonly mode: Mode;
  readonly batchSize: number;
  readonly element: ElementType;
  readonly isa: IsaName;
  /** One for each input. */
  readonly transforms: readonly InputTransform[];
  /** For every mode but `predict`. */
  readonly loss?: Loss | undefined;
  /** For `train`. */
  readonly optimizer?: Optimizer | undefined;
}

export interface CompiledProgram {
  readonly native: NativeProgram;
  readonly description: ProgramDescription;
}

/** Names of what a step records, in order: sums over its samples. */
export const STEP_METRICS = ['loss', 'accuracy'] as const;

/** Turns a network into a program for one mode and one largest batch size. */
export function compile(network: TracedNetwork, options: CompileOptions): CompiledProgram {
  const description = describeProgram(network, options);
  return { native: new native.Program(description), description };
}

/** The plain description `compile` hands to native code. */
export function describeProgram(network: TracedNetwork, options: CompileOptions): ProgramDescription {
  const { mode, batchSize, element, isa, transforms, loss, optimizer } = options;
  const slots = network.parameters.length;
  const backward = mode === 'train' || mode === 'gradients';
  const emit = new Emitter({
    element,
    vectors: isa !== 'scalar' && element === 'float32',
    training: backward,
    updates: mode === 'train',
    batchSize,
    parameterStore: 0,
    gradientStore: mode === 'gradients' ? 1 : null,
    stores: storesOf(mode, slots, optimizer),
  });
  // The loss decides which value it reads: of a softmax at the end, its logits.
  const target = mode === 'predict' ? network.output : required(loss).inputOf(network.output);
  const operations = fuse(neededFor(target, network.operations), [target], backward);

  for (const [part, input] of network.inputs.entries()) {
    emit.label = input.label ?? '';
    emitGather(emit, part, input, transforms[part] as InputTransform);
  }
  for (const operation of operations) {
    emit.label = labelOf(operation);
    operation.forward(emit);
  }

  if (backward) {
    if (mode === 'gradients') for (const input of network.inputs) emit.want(input);
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
  if (mode !== 'predict') required(loss).emit(emit, target, backward);
  if (backward) {
    for (const operation of [...operations].reverse()) {
      emit.label = labelOf(operation);
      if (emit.wants(operation.output)) operation.gradient(emit);
    }
  }
  if (mode === 'train') {
    for (const parameter of network.parameters) {
      emit.label = layerOf(parameter);
      if (parameter.trainable) required(optimizer).emit(emit, parameter, slots);
    }
  }
  emit.label = 'output';
  const outputs = mode === 'predict' ? [network.output] : mode === 'gradients' ? network.inputs : [];
  const outputElements = emitOutputs(emit, outputs, (value) =>
    mode === 'predict' ? emit.valueOf(value) : emit.gradientOf(value),
  );

  return emit.finish({
    isa,
    inputElements: network.inputs.map(({ shape }) => sizeOf(shape)),
    classes: mode === 'predict' ? 0 : sizeOf(target.shape),
    outputElements,
    metrics: mode === 'predict' ? 0 : STEP_METRICS.length,
    scalars: mode === 'train' ? 1 : 0,
  });
}

/** The layer of an operation; of one with an activation fused into it, the layer that holds the weights. */
function labelOf({ parameters, output }: Operation): string {
  const [first] = parameters;
  return first ? layerOf(first) : (output.label ?? '');
}

function layerOf({ name }: Parameter): string {
  return name.slice(0, name.lastIndexOf('/'));
}

function storesOf(mode: Mode, slots: number, optimizer: Optimizer | undefined): number[] {
  if (mode === 'train') return [slots, slots * required(optimizer).stateSlots];
  return mode === 'gradients' ? [slots, slots] : [slots];
}

/** The operations that `target` depends on, in their order. */
function neededFor(target: Value, operations: readonly Operation[]): Operation[] {
  const needed = new Set<Value>([target]);
  for (const operation of [...operations].reverse()) {
    if (!needed.has(operation.output)) continue;
    for (const value of operation.inputs) needed.add(value);
  }
  return operations.filter((operation) => needed.has(operation.output));
}

function emitGather(emit: Emitter, part: number, input: Value, { channels, scale, shift }: InputTransform): void {
  const pixels = sizeOf(input.shape) / channels;
  emit.compute('gather', { y: emit.define(input) }, { part, channels, pixels, scale, shift });
}

/** Puts buffers of values out, one after another for each sample; gives the elements of a sample. */
function emitOutputs(emit: Emitter, values: readonly Value[], bufferOf: (value: Value) => Buffer): number {
  let first = 0;
  for (const value of values) {
    const features = sizeOf(value.shape);
    emit.compute('output', { x: bufferOf(value) }, { first, features });
    first += features;
  }
  return first;
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('cnnative: this mode needs a loss and, to train, an optimizer');
  return value;
}
