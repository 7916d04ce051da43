import { ElementwiseLoss } from './elementwise-loss.js';
import type { LossOptions } from './loss.js';

/** `loss = mean |y - t|` over the elements of a sample, with gradient `sign(y - t) / elements`, 0 where equal. */
export class MeanAbsoluteError extends ElementwiseLoss {
  constructor(options: LossOptions = {}) {
    super('meanAbsoluteError', options);
  }

  protected functionOf(): string {
    return 'absoluteError';
  }
}
