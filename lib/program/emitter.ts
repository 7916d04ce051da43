import { sizeOf } from '../util/shape.js';
import {
  type Attributes,
  type BufferDescription,
  type ElementType,
  LANES,
  type Phase,
  type ProgramDescription,
} from './description.js';
import { planMemory } from './memory-plan.js';
import type { Parameter, Value } from './operation.js';

/** A piece of memory that calls read and write; its place is planned when all calls are known. */
export interface Buffer {
  readonly space: 'sample' | 'shared' | 'variable';
  /** Elements: of a lane group's slice for `sample`, of the whole otherwise. */
  readonly elements: number;
  readonly store?: number;
  readonly slot?: number;
}

interface Call {
  readonly op: string;
  readonly phase: Phase;
  readonly operands: Readonly<Record<string, Buffer>>;
  readonly attributes: Attributes;
}

export interface EmitterOptions {
  readonly element: ElementType;
  readonly batchSize: number;
  /** The store that holds parameters. */
  readonly parameterStore: number;
  /** Where gradients of parameters go: a store of their own, or `null` for the step's shared memory. */
  readonly gradientStore: number | null;
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
  readonly #update: Call[] = [];
  readonly #values = new Map<Value, Buffer>();
  readonly #gradients = new Map<Value, Buffer>();
  readonly #parameterGradients = new Map<Parameter, Buffer>();
  readonly #wanted = new Set<Value>();
  readonly #groupsPerBlock: number;
  /** Partial sums of a full batch. */
  readonly blocks: number;

  constructor(options: EmitterOptions) {
    this.#options = options;
    const groups = Math.ceil(options.batchSize / LANES);
    this.#groupsPerBlock = Math.ceil(groups / MOST_BLOCKS);
    this.blocks = Math.ceil(groups / this.#groupsPerBlock);
  }

  // ---- buffers ----

  /** New memory in every lane group's slice, for `features` elements of each sample. */
  sample(features: number): Buffer {
    return { space: 'sample', elements: features * LANES };
  }

  /** New memory shared by the whole step. */
  shared(elements: number): Buffer {
    return { space: 'shared', elements };
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
    return this.alias(value, this.sample(sizeOf(value.shape)));
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

  /** The gradient of an operation's output. The operation owns it: it may overwrite it. */
  gradientOf(value: Value): Buffer {
    return known(this.#gradients.get(value), 'a gradient is read before it is made');
  }

  /** New memory for the gradient of an input. */
  defineGradient(value: Value): Buffer {
    return this.giveGradient(value, this.sample(sizeOf(value.shape)));
  }

  giveGradient(value: Value, buffer: Buffer): Buffer {
    if (this.#gradients.has(value)) throw new Error('a value with two consumers needs its gradients added');
    this.#gradients.set(value, buffer);
    return buffer;
  }

  /** Where the finished gradient of a parameter goes. */
  parameterGradient(parameter: Parameter): Buffer {
    const found = this.#parameterGradients.get(parameter);
    if (found) return found;
    const elements = sizeOf(parameter.shape);
    const { gradientStore } = this.#options;
    const buffer =
      gradientStore === null ? this.shared(elements) : this.variable(gradientStore, parameter.slot, elements);
    this.#parameterGradients.set(parameter, buffer);
    return buffer;
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

  // ---- calls ----

  prepare(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#prepare.push({ op, phase: 'prepare', operands, attributes });
  }

  compute(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#compute.push({ op, phase: 'compute', operands, attributes });
  }

  /** After all per-sample calls: kept apart so that these run as one stretch, with their data in the cache. */
  complete(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#complete.push({ op, phase: 'compute', operands, attributes });
  }

  update(op: string, operands: Record<string, Buffer>, attributes: Attributes = {}): void {
    this.#update.push({ op, phase: 'update', operands, attributes });
  }

  // ---- the program ----

  finish(
    rest: Pick<ProgramDescription, 'isa' | 'inputElements' | 'classes' | 'outputElements' | 'metrics' | 'scalars'>,
  ): ProgramDescription {
    const { element, batchSize, stores } = this.#options;
    const calls = [...this.#prepare, ...this.#compute, ...this.#complete, ...this.#update];
    const bytes = element === 'float64' ? 8 : 4;
    const lives = new Map<Buffer, { first: number; last: number }>();
    calls.forEach((call, index) => {
      for (const buffer of Object.values(call.operands)) {
        const life = lives.get(buffer);
        if (life) life.last = index;
        else lives.set(buffer, { first: index, last: index });
      }
    });
    // Packed weights outlive the step in programs that prepare once a run.
    for (const call of this.#prepare) {
      for (const buffer of Object.values(call.operands)) known(lives.get(buffer), 'unused').last = calls.length;
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
    return {
      ...rest,
      element,
      batchSize,
      stores,
      groupsPerBlock: this.#groupsPerBlock,
      sampleBytes: samplePlan.totalBytes,
      sharedBytes: sharedPlan.totalBytes,
      buffers: buffers.map(({ space, elements, store, slot }, i): BufferDescription => {
        if (space === 'variable') return { space, element, elements, store: store ?? 0, slot: slot ?? 0 };
        const { offsetOf } = space === 'sample' ? samplePlan : sharedPlan;
        return { space, element, elements, offset: offsetOf.get(buffers[i] as Buffer) ?? 0 };
      }),
      calls: calls.map((call) => ({
        ...call,
        operands: Object.fromEntries(
          Object.entries(call.operands).map(([name, buffer]) => [name, index.get(buffer) ?? -1]),
        ),
      })),
    };
  }
}

function known<T>(value: T | undefined, otherwise: string): T {
  if (value === undefined) throw new Error(`cnnative: ${otherwise}`);
  return value;
}
