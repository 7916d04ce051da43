import { sizeOf } from '../util/shape.js';
import { channelRows } from './channel-lanes.js';
import {
  type Attributes,
  type BufferDescription,
  type ElementType,
  LANES,
  type Phase,
  type ProgramDescription,
} from './description.js';
import { writeInPlace } from './in-place.js';
import { planMemory } from './memory-plan.js';
import type { Operation, Parameter, Value } from './operation.js';

/** A piece of memory that calls read and write; its place is planned when all calls are known. */
export interface Buffer {
  readonly space: 'sample' | 'shared' | 'variable';
  /** Elements: of a lane group's slice for `sample`, of the whole otherwise. */
  readonly elements: number;
  readonly store?: number;
  readonly slot?: number;
}

interface Call {
  /** The layer it works for. */
  readonly label: string;
  readonly op: string;
  readonly phase: Phase;
  readonly operands: Readonly<Record<string, Buffer>>;
  readonly attributes: Attributes;
}

export interface EmitterOptions {
  readonly element: ElementType;
  /** Whether kernels with vectors run: scalar kernels have fewer algorithms. */
  readonly vectors: boolean;
  /** Whether layers behave as in training. */
  readonly training: boolean;
  /** Whether the program has an update phase. */
  readonly updates: boolean;
  readonly batchSize: number;
  /** The store that holds parameters. */
  readonly parameterStore: number;
  /** Where gradients of parameters go: a store of their own, or `null` for the step's shared memory. */
  readonly gradientStore: number | null;
  /** Whether lanes are the channels of a single sample, not 16 samples. */
  readonly channelLanes: boolean;
  /** What random layers draw from. */
  readonly seed: number;
  /** Slots of all stores. */
  readonly stores: readonly number[];
}

/** At most this many partial sums over the batch. They bound the threads a step can use, and the memory for them. */
const MOST_BLOCKS = 32;

/**
 * Collects the calls of a program while operations state their rules, then orders them, plans their memory and gives
 * the description for native code.
 */
export class Emitter {
  readonly #options: EmitterOptions;
  readonly #prepare: Call[] = [];
  readonly #compute: Call[] = [];
  readonly #complete: Call[] = [];
  readonly #sums: Call[] = [];
  readonly #conclude: Call[] = [];
  readonly #update: Call[] = [];
  readonly #values = new Map<Value, Buffer>();
  readonly #gradients = new Map<Value, Buffer>();
  readonly #parameterGradients = new Map<Parameter, Buffer>();
  readonly #wanted = new Set<Value>();
  readonly #sharedGradients = new Set<Buffer>();
  readonly #rectified = new Set<Value>();
  readonly #kept = new Map<Operation, Map<string, Buffer>>();
  readonly #samplesPerGroup: number;
  readonly #groupsPerBlock: number;
  /** Name of the layer whose calls come now, for profiles. */
  label = '';
  /** Partial sums of a full batch. */
  readonly blocks: number;

  constructor(options: EmitterOptions) {
    this.#options = options;
    this.#samplesPerGroup = options.channelLanes ? 1 : LANES;
    const groups = Math.ceil(options.batchSize / this.#samplesPerGroup);
    this.#groupsPerBlock = Math.ceil(groups / MOST_BLOCKS);
    this.blocks = Math.ceil(groups / this.#groupsPerBlock);
  }

  get training(): boolean {
    return this.#options.training;
  }

  get seed(): number {
    return this.#options.seed;
  }

  get updates(): boolean {
    return this.#options.updates;
  }

  get vectors(): boolean {
    return this.#options.vectors;
  }

  // ---- buffers ----

  /** New memory in every lane group's slice, for `features` elements of each sample. */
  sample(features: number): Buffer {
    return this.group(features * LANES);
  }

  /** New memory in every lane group's slice, for numbers of the group as a whole. */
  group(elements: number): Buffer {
    return { space: 'sample', elements };
  }

  /** New memory shared by the whole step. */
  shared(elements: number): Buffer {
    return { space: 'shared', elements };
  }

  /** Shared memory that an operation fills in its forward pass and reads again in its gradient. */
  kept(operation: Operation, name: string, elements: number): Buffer {
    return this.#keep(operation, name, () => this.shared(elements));
  }

  /** The same in every lane group's slice, for `features` elements of each sample. */
  keptSample(operation: Operation, name: string, features: number): Buffer {
    return this.#keep(operation, name, () => this.sample(features));
  }

  #keep(operation: Operation, name: string, make: () => Buffer): Buffer {
    const own = this.#kept.get(operation) ?? new Map<string, Buffer>();
    this.#kept.set(operation, own);
    const buffer = own.get(name) ?? make();
    own.set(name, buffer);
    return buffer;
  }

  /** A slot of a store. */
  variable(store: number, slot: number, elements: number): Buffer {
    return { space: 'variable', elements, store, slot };
  }

  parameter(parameter: Parameter): Buffer {
    return this.variable(this.#options.parameterStore, parameter.slot, sizeOf(parameter.shape));
  }

  // ---- values and their gradients ----

  /** The buffer of a value that an operation before has made. */
  valueOf(value: Value): Buffer {
    return known(this.#values.get(value), 'a value is read before it is made');
  }

  /** New memory for a value. */
  define(value: Value): Buffer {
    const { channelLanes } = this.#options;
    return this.alias(
      value,
      channelLanes ? this.group(channelRows(value.shape) * LANES) : this.sample(sizeOf(value.shape)),
    );
  }

  /** Lets a value live in memory that exists already. */
  alias(value: Value, buffer: Buffer): Buffer {
    this.#values.set(value, buffer);
    return buffer;
  }

  /** Asks for the gradient of a value. */
  want(value: Value): void {
    this.#wanted.add(value);
  }

  wants(value: Value): boolean {
    return this.#wanted.has(value);
  }

  /** The gradient of an operation's output, to be read. */
  gradientOf(value: Value): Buffer {
    return known(this.#gradients.get(value), 'a gradient is read before it is made');
  }

  /** Where an operation may write what it makes of the gradient of its output: over it, unless others read that too. */
  overGradientOf(value: Value): Buffer {
    return this.over(this.gradientOf(value));
  }

  /** The same for a gradient of any value: its own memory, or new memory of that size. */
  over(gradient: Buffer): Buffer {
    return this.#sharedGradients.has(gradient) ? this.group(gradient.elements) : gradient;
  }

  /**
   * Whether the gradient of a value, which a relu has made, is zero already where that value is: nothing is left to do for the
   * gradient of the relu.
   */
  isRectified(value: Value): boolean {
    return this.#rectified.has(value);
  }

  /** Gives an input its gradient by a call that writes it into new memory. `rectified` as in `isRectified`. */
  emitGradient(value: Value, emit: (dx: Buffer) => void, rectified = false): void {
    const dx = this.sample(sizeOf(value.shape));
    emit(dx);
    const first = !this.#gradients.has(value);
    this.giveGradient(value, dx);
    if (rectified && first) this.#rectified.add(value);
  }

  /** The same by a call that can add what other operations have given already: over it, unless others read that too. */
  emitGradientSum(value: Value, emit: (operands: { dx: Buffer; addend?: Buffer }) => void): void {
    const addend = this.#gradients.get(value);
    const dx = addend ? this.over(addend) : this.sample(sizeOf(value.shape));
    this.#rectified.delete(value);
    emit(addend ? { dx, addend } : { dx });
    this.#gradients.set(value, dx);
  }

  /**
   * Gives an input its gradient. Where several operations read the value, their gradients are added. `shared` says that
   * others hold this buffer too, so that nobody writes over it.
   */
  giveGradient(value: Value, buffer: Buffer, shared = false): void {
    if (shared) this.#sharedGradients.add(buffer);
    const before = this.#gradients.get(value);
    if (!before) {
      this.#gradients.set(value, buffer);
      return;
    }
    this.#rectified.delete(value);
    const own = [before, buffer].find((candidate) => !this.#sharedGradients.has(candidate));
    const sum = own ?? this.sample(sizeOf(value.shape));
    this.compute('add', { y: sum, a: before, b: buffer }, { features: sizeOf(value.shape), relu: 0 });
    this.#gradients.set(value, sum);
  }

  /** Where an operation puts the finished gradient of a parameter. Asked for once by each operation that has it. */
  parameterGradient(parameter: Parameter): Buffer {
    const elements = sizeOf(parameter.shape);
    const found = this.#parameterGradients.get(parameter);
    if (found) {
      // A layer applied again: its gradient is added once both are complete.
      const again = this.shared(elements);
      this.#sums.push({
        label: this.label,
        op: 'accumulate',
        phase: 'compute',
        operands: { y: found, x: again },
        attributes: { elements },
      });
      return again;
    }
    const { gradientStore } = this.#options;
    const buffer =
      gradientStore === null ? this.shared(elements) : this.variable(gradientStore, parameter.slot, elements);
    this.#parameterGradients.set(parameter, buffer);
    return buffer;
  }

  /** The gradient of a parameter, complete: for updates. */
  finishedGradient(parameter: Parameter): Buffer {
    return known(
      this.#parameterGradients.get(parameter),
      `the gradient of ${parameter.name} is read before it is made`,
    );
  }

  /**
   * Memory for the gradient of a parameter that per-sample calls sum up: a partial sum for each block of samples, and
   * their addition in fixed order once all samples are done.
   */
  partialGradient(parameter: Parameter): Buffer {
    const whole = this.parameterGradient(parameter);
    if (this.blocks === 1) return whole;
    const elements = sizeOf(parameter.shape);
    const partial = this.shared(elements * this.blocks);
    this.complete('reduceBlocks', { y: whole, x: partial }, { elements });
    return partial;
  }

  /** The same for the partial gradients of Winograd convolutions, `[9, inputs, outputs]`: the axes reversed. */
  partialTaps(parameter: Parameter): Buffer {
    const [outputs = 0, inputs = 0] = parameter.shape;
    const partial = this.shared(outputs * inputs * 9 * this.blocks);
    this.complete('reduceTaps', { y: this.parameterGradient(parameter), x: partial }, { outputs, inputs });
    return partial;
  }

  // ---- calls ----

  prepare(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#prepare.push({ label: this.label, op, phase: 'prepare', operands, attributes });
  }

  compute(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#compute.push({ label: this.label, op, phase: 'compute', operands, attributes });
  }

  /** After all per-sample calls: kept apart so that these run as one stretch, with their data in the cache. */
  complete(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#complete.push({ label: this.label, op, phase: 'compute', operands, attributes });
  }

  /** After the gradients of parameters are complete, those of layers applied twice too. */
  conclude(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#conclude.push({ label: this.label, op, phase: 'compute', operands, attributes });
  }

  update(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#update.push({ label: this.label, op, phase: 'update', operands, attributes });
  }

  // ---- the program ----

  finish(
    rest: Pick<
      ProgramDescription,
      'isa' | 'inputElements' | 'classes' | 'targetElements' | 'outputElements' | 'metrics' | 'scalars'
    >,
  ): ProgramDescription {
    const { element, batchSize, stores } = this.#options;
    const calls = writeInPlace([
      ...this.#prepare,
      ...this.#compute,
      ...this.#complete,
      ...this.#sums,
      ...this.#conclude,
      ...this.#update,
    ]);
    const bytes = element === 'float64' ? 8 : 4;
    const lives = new Map<Buffer, { first: number; last: number }>();
    calls.forEach((call, index) => {
      for (const buffer of Object.values(call.operands)) {
        const life = lives.get(buffer);
        if (life) life.last = index;
        else lives.set(buffer, { first: index, last: index });
      }
    });
    // Lane groups run through a stretch of calls one after another, or two together, so what they share is in use by all of its calls at
    // once; and packed weights outlive the step where programs prepare once a run. So shared memory is never reused.
    for (const [buffer, life] of lives) {
      if (buffer.space === 'shared') Object.assign(life, { first: 0, last: calls.length });
    }
    const buffers = [...lives.keys()];
    const plan = (space: 'sample' | 'shared') => {
      const own = buffers.filter((buffer) => buffer.space === space);
      const { offsets, totalBytes } = planMemory(
        own.map((buffer) => ({ bytes: buffer.elements * bytes, ...known(lives.get(buffer), 'unused') })),
      );
      return { offsetOf: new Map(own.map((buffer, i) => [buffer, offsets[i] ?? 0])), totalBytes };
    };
    const samplePlan = plan('sample');
    const sharedPlan = plan('shared');
    const index = new Map(buffers.map((buffer, i) => [buffer, i]));
    const gradients = [...this.#parameterGradients.values()].flatMap((buffer) => index.get(buffer) ?? []);
    return {
      ...rest,
      element,
      batchSize,
      stores,
      samplesPerGroup: this.#samplesPerGroup,
      groupsPerBlock: this.#groupsPerBlock,
      sampleBytes: samplePlan.totalBytes,
      sharedBytes: sharedPlan.totalBytes,
      buffers: buffers.map(({ space, elements, store, slot }, i): BufferDescription => {
        if (space === 'variable') return { space, element, elements, store: store ?? 0, slot: slot ?? 0 };
        const { offsetOf } = space === 'sample' ? samplePlan : sharedPlan;
        return { space, element, elements, offset: offsetOf.get(buffers[i] as Buffer) ?? 0 };
      }),
      finite: this.updates ? gradients : [],
      calls: calls.map(({ label, op, phase, operands, attributes }) => ({
        label,
        op,
        phase,
        attributes,
        operands: Object.fromEntries(Object.entries(operands).map(([name, buffer]) => [name, index.get(buffer) ?? -1])),
      })),
    };
  }
}

function known<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(`cnnative: ${otherwise}`);
  return value;
}
