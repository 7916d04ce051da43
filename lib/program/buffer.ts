import type { Attributes, Phase } from './description.js';

/** A piece of memory that calls read and write; its place is planned when all calls are known. */
export interface Buffer {
  readonly space: 'sample' | 'shared' | 'variable';
  /** Elements: of a lane group's slice for `sample`, of the whole otherwise. */
  readonly elements: number;
  readonly store?: number;
  readonly slot?: number;
}

/** A call of a native operator, before its buffers have a place. */
export interface Call {
  /** The layer it works for. */
  readonly label: string;
  readonly op: string;
  readonly phase: Phase;
  readonly operands: Readonly<Record<string, Buffer>>;
  readonly attributes: Attributes;
}
