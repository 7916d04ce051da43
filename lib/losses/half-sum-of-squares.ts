import { ElementwiseLoss } from './elementwise-loss.js';
import type { LossOptions } from './loss.js';

/** `loss = 1/2 sum (y - t)^2` over the elements of a sample, with gradient `y - t`: the loss of many textbooks. */
export class HalfSumOfSquares extends ElementwiseLoss {
  constructor(options: LossOptions = {}) {
    super('halfSumOfSquares', options);
  }

  protected functionOf(): string {
    return 'squaredError';
  }

  protected override scale(): number {
    return 0.5;
  }
}
