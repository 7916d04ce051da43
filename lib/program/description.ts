/** A program as native code receives it: plain data. `cpp/program/description.h` is its other side. */

/** What is computed in: single or double precision. */
export type ElementType = 'float32' | 'float64';

/** Samples in a lane group: the innermost axis of every sample tensor in memory (`cpp/kernels/lanes.h`). */
export const LANES = 16;

/** Elements of a parameter that one piece of work covers (`kPieceElements` of `cpp/program/call.h`). */
export const PIECE_ELEMENTS = 16_384;

/** Bytes that every buffer's offset is a multiple of. */
export const ALIGNMENT = 64;

export type BufferDescription =
  | {
      /** `sample`: in the slice of each lane group. `shared`: once for the whole step. */
      readonly space: 'sample' | 'shared';
      readonly element: ElementType;
      readonly elements: number;
      /** Bytes. */
      readonly offset: number;
    }
  | {
      /** In a store that outlives the program. */
      readonly space: 'variable';
      readonly element: ElementType;
      readonly elements: number;
      readonly store: number;
      readonly slot: number;
    };

/**
 * `prepare`: from parameters alone; every step while training, once a run otherwise. `compute`: gather, forward,
 * backward, gradients. `update`: the only phase that changes parameters; once begun it is never cancelled.
 */
export type Phase = 'prepare' | 'compute' | 'update';

export type Attributes = Readonly<Record<string, number | string | readonly number[]>>;

export interface CallDescription {
  /** The layer it works for: for profiles, native code does not read it. */
  readonly label: string;
  /** Name of the operator (`cpp/operators/registry.cpp`). */
  readonly op: string;
  readonly phase: Phase;
  /** Buffers by the operator's name for them: indices into `buffers`. */
  readonly operands: Readonly<Record<string, number>>;
  readonly attributes: Attributes;
}

export interface ProgramDescription {
  readonly isa: string;
  readonly element: ElementType;
  /** Largest batch. */
  readonly batchSize: number;
  /** `LANES` where lanes are samples, 1 where they are channels and every group is a single sample. */
  readonly samplesPerGroup: number;
  /** Lane groups whose samples one partial sum covers. */
  readonly groupsPerBlock: number;
  /** Bytes of one lane group's slice, and of everything shared. */
  readonly sampleBytes: number;
  readonly sharedBytes: number;
  /** Elements of one sample, for each input: a dataset has as many parts. */
  readonly inputElements: readonly number[];
  /** Labels are below this; 0 where none are read. */
  readonly classes: number;
  /** Elements of one sample's targets; 0 where none are read. */
  readonly targetElements: number;
  /** Elements of one output sample; 0 where nothing is put out. */
  readonly outputElements: number;
  /** Numbers each step records, and numbers it is given. */
  readonly metrics: number;
  readonly scalars: number;
  /** Slots of each store. */
  readonly stores: readonly number[];
  readonly buffers: readonly BufferDescription[];
  readonly calls: readonly CallDescription[];
  /** Buffers in which updates need finite numbers: the gradients, in programs that train; none in others. */
  readonly finite: readonly number[];
}
