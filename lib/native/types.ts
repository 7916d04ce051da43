import type { ElementType, ProgramDescription } from '../program/description.js';

/** Names of the instruction sets kernels are built for. */
export type IsaName = 'scalar' | 'avx2' | 'avx512' | 'neon';

/** An array of a program's element type. */
export type FloatArray = Float32Array | Float64Array;

/**
 * A store of variables (parameters, optimizer state, gradients): slots of fixed sizes, zero at first, living outside
 * every program's arena. Reads and writes happen between two steps of any training at work on the store.
 */
export interface NativeVariables {
  /** A copy of every slot, all of one moment. */
  read(): Promise<FloatArray[]>;
  /** Copies values in, one entry a slot; `null` leaves a slot as it is. Predictions under way do not see them. */
  write(values: readonly (FloatArray | null)[]): Promise<void>;
  /** Lets `slots` and the slots `others` of another store change places, pair by pair, without a copy in JavaScript. */
  exchange(slots: readonly number[], other: NativeVariables, others: readonly number[]): Promise<void>;
}

/** What one input of a network reads of every sample. */
export interface NativePart {
  readonly samples: Uint8Array | FloatArray;
  /** Elements of one sample. */
  readonly features: number;
}

/** What outputs of a network are compared with, for every sample. */
export interface NativeTargets {
  readonly samples: FloatArray;
  /** Elements of one sample. */
  readonly features: number;
}

/** Samples, labels, targets and weights copied out of JavaScript's memory. */
export interface NativeDataset {
  readonly native: 'dataset';
  /** Whether the samples at `rows` have just these pixels (`null`: whatever they are), labels, targets and weights. */
  holds(
    rows: Int32Array,
    parts: readonly (Uint8Array | FloatArray)[] | null,
    labels: Int32Array | null,
    targets: FloatArray | null,
    weights: FloatArray | null,
  ): boolean;
  /** Replaces samples of the only part, from `first` on, and their labels. Not to be called while a run reads them. */
  write(first: number, samples: Uint8Array | FloatArray, labels: Int32Array): void;
  /** Gives its memory back, before the garbage collector would. It has no samples then. Not to be called while a run reads them. */
  releaseMemory(): void;
}

/** Rows of a file, each of so many bytes. */
export interface NativeRows {
  readonly path: string;
  readonly rowBytes: number;
  /** Whether floats are in the other byte order than this machine's. */
  readonly swapped: boolean;
}

/** What is wrong with a file that rows are read from. */
export interface NativeRowFault {
  /** Index among the rows asked for; -1 when it is the file as a whole. */
  readonly row: number;
  readonly reason: string;
}

/** A checked program. Immutable: runs may share it. */
export interface NativeProgram {
  /** Bytes a run of full batches on so many threads allocates. */
  arenaBytes(threads: number): number;
  /** Gives back what a run with `keepMemory` has left. */
  releaseMemory(): void;
}

/** What a run works on. Arrays are copied before the call returns. */
export interface RunInputs {
  /** The stores the program names, in its order. */
  readonly stores: readonly NativeVariables[];
  readonly dataset: NativeDataset;
  /** Indices of the samples in the order of their use. */
  readonly order: Int32Array;
  /** Samples a step takes; the last step takes what is left. At most the program's. */
  readonly batchSize: number;
  /** The program's scalars (such as the learning rate) of each step. */
  readonly scalars: Float64Array;
  /**
   * Number of the first step, counted on from run to run: what steps draw at random follows from it.
   * @default 0
   */
  readonly firstStep?: number;
  /**
   * Beside `order`, the number of each sample in the whole set, of which `dataset` may be a part: what is drawn for a sample
   * follows from its key and the epoch.
   * @default order
   */
  readonly keys?: Int32Array;
  /**
   * Indices of the samples that others are mixed with.
   * @default all of the dataset's
   */
  readonly pool?: Int32Array;
  /** @default 0 */
  readonly epoch?: number;
  readonly threads: number;
  /**
   * Stops before the update of a step whose metrics or gradients are not finite. Such a step does not count as completed.
   * @default false
   */
  readonly stopAtNonFinite?: boolean;
  /**
   * Leaves the memory it works in to the program's next run, until `releaseMemory`: new memory costs more than a step of a small network.
   * @default false
   */
  readonly keepMemory?: boolean;
  /**
   * Times every call, at some 50 ns each.
   * @default false
   */
  readonly profile?: boolean;
}

/** Steps of a program under way on the executor's thread; begun by construction. */
export interface NativeRun {
  /** Stops before the update of the step at work. The listener still hears `done`. */
  cancel(): void;
  /** Steps completed so far. */
  completed(): number;
  cancelled(): boolean;
  /** Whether `stopAtNonFinite` stopped it, in the step behind the last completed one. */
  metNonFinite(): boolean;
  /** Why the run failed, or `null`. */
  error(): string | null;
  /** Metrics of the steps completed from `first` on, step by step. */
  metrics(first: number): Float64Array;
  /** What each completed step took. */
  stepSeconds(): Float32Array;
  /** With `profile`: seconds each call took in each step, step by step, all threads together; only once the run is done. */
  callSeconds(): Float32Array;
  /** The program's output for all samples; only once the run is done. */
  output(): FloatArray;
}

/** The addon's exports. Every native function is called through this type alone. */
export interface Native {
  /** Instruction sets of this machine, best first, `scalar` last. */
  isas(): IsaName[];
  /** Sustained rate of fused multiply-adds of all threads together, GFLOP/s. */
  measurePeak(isa: IsaName, threads: number): Promise<number>;
  /** GB/s of memory moved by all threads together, adding two arrays of so many bytes into a third: STREAM's Add. */
  measureStream(isa: IsaName, threads: number, bytes: number): Promise<number>;
  /**
   * Copies items of a source in another order of its axes: `out` holds, rows first, those whose index on the first axis
   * is from `begin` to below `end`. `strides` are in items, one for each axis of `shape`; both arrays are aligned.
   *
   * @throws RangeError when the strides lead outside the source, or `out` has not as many bytes as are copied
   */
  rearrange(
    out: Uint8Array,
    source: Uint8Array,
    itemBytes: number,
    shape: readonly number[],
    strides: readonly number[],
    begin: number,
    end: number,
  ): void;
  /** Puts values in random order, in place: as `shuffle` of lib/util does with a `Philox` of two words each for key and stream. */
  shuffle(values: Int32Array, key: Int32Array, stream: Int32Array): void;
  /** Fills an array with integers from 0 to n - 1, as `nextInt(n)` of a `Philox` gives them. */
  drawIntegers(into: Int32Array, n: number, key: Int32Array, stream: Int32Array): void;
  /**
   * Reads the row at each position, in bytes, into `into`, in order, on a thread of Node's pool. `into` must be left alone until
   * then. Gives what is wrong with the file, `null` when all is well; float32 must be finite.
   */
  readRows(
    source: NativeRows,
    positions: Float64Array,
    into: Uint8Array | Float32Array,
  ): Promise<NativeRowFault | null>;
  /** Interleaved pixels to one plane a channel. */
  toPlanes(pixels: Uint8Array, channels: number, into: Uint8Array): void;
  /**
   * Runs a program without scalars over samples in their order, to the end, on the calling thread: for work hardly longer than the
   * way to another thread and back. Gives its output, or why it failed; `null`, and nothing has run, while the executor is at work.
   *
   * @throws RangeError or TypeError when inputs and program do not fit
   */
  runHere(
    program: NativeProgram,
    stores: readonly NativeVariables[],
    parts: readonly NativePart[],
    batchSize: number,
    threads: number,
  ): FloatArray | string | null;
  readonly Variables: new (element: ElementType, slots: readonly number[]) => NativeVariables;
  /** Parts of as many samples each, in the order of the program's inputs; `labels` are class indices, `weights` factors of losses, one a sample. */
  readonly Dataset: new (
    parts: readonly NativePart[],
    labels: Int32Array | null,
    targets?: NativeTargets | null,
    weights?: FloatArray | null,
  ) => NativeDataset;
  /** @throws RangeError or TypeError when anything in the description could corrupt memory */
  readonly Program: new (
    description: ProgramDescription,
  ) => NativeProgram;
  /**
   * The listener hears `progress` now and then (at a humane rate, never per step) and `done` once; both on this thread.
   * @throws RangeError or TypeError when inputs and program do not fit
   */
  readonly Run: new (
    program: NativeProgram,
    inputs: RunInputs,
    listener: (event: 'progress' | 'done') => void,
  ) => NativeRun;
}
