import type { LayerConfig } from '../layers/index.js';
import type { LossConfig } from '../losses/index.js';
import type { MetricConfig } from '../metrics/index.js';
import type { OptimizerConfig } from '../optimizers/index.js';
import type { InputOptions, ModelInput } from './input.js';

/**
 * Versions of `model.json`: 2 since models may have several inputs, or one with a name. What version 1 can hold is written
 * as such, for older readers.
 */
export const FORMAT_VERSIONS = [1, 2] as const;
export const DESCRIPTION = 'model.json';
/** Where a run's folder holds its final model. */
export const RUN_MODEL = 'model';
/** Where it holds the best model so far. */
export const RUN_BEST = 'best';
export const WEIGHTS = 'weights.safetensors';

export interface NodeDescription {
  readonly name: string;
  readonly inputs: readonly string[];
  readonly layer: LayerConfig;
  /** The node before whose layer, with its weights, this one applies again. */
  readonly sharedWith?: string;
}

/** What `model.json` holds. */
export interface Description {
  readonly format: 'cnnative';
  readonly formatVersion: (typeof FORMAT_VERSIONS)[number];
  /** Version 1: the only input, which nodes call `input`. */
  readonly input?: InputOptions;
  /** Version 2: the inputs in their order. */
  readonly inputs?: readonly ModelInput[];
  readonly seed: number;
  /** Of the classes that the outputs stand for, in their order; older readers pass over it. */
  readonly classNames?: readonly string[];
  /** Names of weights that are to be filled from the data of the first training, where there are such. */
  readonly awaitingData?: readonly string[];
  /** Each reads the nodes and inputs it names; the last one's output is the model's. */
  readonly nodes: readonly NodeDescription[];
  readonly compiled?: {
    readonly optimizer: OptimizerConfig;
    /** By name where its options are the defaults, as older readers know it. */
    readonly loss: string | LossConfig;
    readonly metrics: readonly (string | MetricConfig)[];
  };
}
