import type { Buffer } from '../program/buffer.js';
import type { Emitter } from '../program/emitter.js';

/** Weights and the state their average is kept in. */
export interface Averaged {
  readonly w: Buffer;
  readonly average: Buffer;
  readonly elements: number;
}

/** An average of weights over the updates of a training. */
export interface Average {
  /** Updates from one entry to the next. */
  readonly steps: number;
  /** Whether the average is kept apart from the weights, and takes their place in validation and after `fit`. */
  readonly apart: boolean;
  /** Share of the weights that enters it in a step, by the share of the training that is done with that step, where this changes. @internal */
  shareAt?(progress: number): number;
  /** What comes before the update of the weights. @internal */
  emitBefore(emit: Emitter, tensors: Averaged): void;
  /** What comes after it. @internal */
  emitAfter(emit: Emitter, tensors: Averaged): void;
  /** Plain data from which the same average is made. */
  config(): AverageConfig;
}

/** Plain data that describes an average of weights. */
export interface AverageConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}
