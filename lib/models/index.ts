import type { InputOptions } from '../model/input.js';
import type { Model } from '../model/model.js';
import { lenet5 } from './lenet5.js';
import type { ModelName } from './names.js';

export interface ReadyMadeOptions {
  seed: number;
  /** Shape and normalisation of the images; MNIST's when left out. */
  input?: InputOptions;
}

/** Ready-made networks by name, with fresh weights drawn from a seed. */
export const models: Readonly<Record<ModelName, (options: ReadyMadeOptions) => Model>> = { lenet5 };
