import { Adam, type AdamOptions } from './adam.js';

/** As those of Adam; `weightDecay` is 0.01 unless told otherwise, and always decoupled. */
export type AdamwOptions = Omit<AdamOptions, 'decoupled'>;

/** Adam with decoupled weight decay (Loshchilov and Hutter, "Decoupled weight decay regularization", 2019). */
export class Adamw extends Adam {
  constructor(options: AdamwOptions = {}) {
    super(options, 'adamw', { learningRate: 0.001, weightDecay: 0.01, decoupled: true });
  }
}
