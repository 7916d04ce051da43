import { ElementwiseLoss } from './elementwise-loss.js';
import type { LossOptions } from './loss.js';

/**
 * `loss = mean (y - t)^2` over the elements of a sample, with gradient `2 (y - t) / elements`. With `mean` as reduction this
 * is the mean over batch and elements, as in PyTorch and Keras; `sum` adds the samples' means, as Keras.
 */
export class MeanSquaredError extends ElementwiseLoss {
  constructor(options: LossOptions = {}) {
    super('meanSquaredError', options);
  }

  protected functionOf(): string {
    return 'squaredError';
  }
}
