import type { Model } from '../model/model.js';
import { lenet5 } from './lenet5.js';
import type { ModelName } from './names.js';

/** Ready-made networks by name, with fresh weights drawn from a seed. */
export const models: Readonly<Record<ModelName, (options: { seed: number }) => Model>> = { lenet5 };
