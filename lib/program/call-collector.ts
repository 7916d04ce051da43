import { sizeOf } from '../util/shape.js';
import type { Buffer, Call } from './buffer.js';
import { type Attributes, type ElementType, LANES } from './description.js';
import type { Parameter } from './operation.js';

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

/** The calls of a program by the part of a step they belong to, and the memory they work on. */
export class CallCollector {
  protected readonly options: EmitterOptions;
  readonly #prepare: Call[] = [];
  readonly #compute: Call[] = [];
  readonly #complete: Call[] = [];
  readonly #sums: Call[] = [];
  readonly #conclude: Call[] = [];
  readonly #update: Call[] = [];
  protected readonly samplesPerGroup: number;
  protected readonly groupsPerBlock: number;
  /** Name of the layer whose calls come now, for profiles. */
  label = '';
  /** Partial sums of a full batch. */
  readonly blocks: number;

  constructor(options: EmitterOptions) {
    this.options = options;
    this.samplesPerGroup = options.channelLanes ? 1 : LANES;
    const groups = Math.ceil(options.batchSize / this.samplesPerGroup);
    this.groupsPerBlock = Math.ceil(groups / MOST_BLOCKS);
    this.blocks = Math.ceil(groups / this.groupsPerBlock);
  }

  get training(): boolean {
    return this.options.training;
  }

  get seed(): number {
    return this.options.seed;
  }

  get updates(): boolean {
    return this.options.updates;
  }

  get batchSize(): number {
    return this.options.batchSize;
  }

  get vectors(): boolean {
    return this.options.vectors;
  }

  // ---- memory ----

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

  /** A slot of a store. */
  variable(store: number, slot: number, elements: number): Buffer {
    return { space: 'variable', elements, store, slot };
  }

  parameter(parameter: Parameter): Buffer {
    return this.variable(this.options.parameterStore, parameter.slot, sizeOf(parameter.shape));
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

  /** Adds `x` to `y` once both are complete. */
  protected accumulate(y: Buffer, x: Buffer): void {
    const { label } = this;
    this.#sums.push({
      label,
      op: 'accumulate',
      phase: 'compute',
      operands: { y, x },
      attributes: { elements: y.elements },
    });
  }

  /** All of them, as they run. */
  protected calls(): Call[] {
    return [...this.#prepare, ...this.#compute, ...this.#complete, ...this.#sums, ...this.#conclude, ...this.#update];
  }
}
