import type { LayerConfig } from '../layers/index.js';
import type { OptimizerConfig } from '../optimizers/index.js';
import type { InputOptions } from './input.js';

/** Version of `model.json`; raised when an older reader could no longer understand it. */
export const FORMAT_VERSION = 1;
export const DESCRIPTION = 'model.json';
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
  readonly formatVersion: number;
  readonly input: InputOptions;
  readonly seed: number;
  /** Each reads the nodes it names; the last one's output is the model's. */
  readonly nodes: readonly NodeDescription[];
  readonly compiled?: {
    readonly optimizer: OptimizerConfig;
    readonly loss: string;
    readonly metrics: readonly string[];
  };
}
