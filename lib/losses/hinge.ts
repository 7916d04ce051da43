import { ElementwiseLoss } from './elementwise-loss.js';
import type { LossOptions, TargetValues, Thresholds } from './loss.js';

/** `loss = mean max(0, 1 - t y)` over the elements of a sample, with targets -1 or 1, as in Keras. */
export class Hinge extends ElementwiseLoss {
  override readonly targetValues: TargetValues = {
    expected: '-1 or 1',
    includes: (value) => value === 1 || value === -1,
  };

  constructor(options: LossOptions = {}) {
    super('hinge', options);
  }

  protected functionOf(): string {
    return 'hinge';
  }

  override thresholds(): Thresholds {
    return { ofX: 0, ofT: 0 };
  }
}
