import { checkNumber, LEAST_FLOAT, MOST_FLOAT } from '../util/check.js';
import { ElementwiseLoss } from './elementwise-loss.js';
import type { LossConfig, LossOptions } from './loss.js';

/** Options of `losses.huber`. */
export interface HuberOptions extends LossOptions {
  /**
   * Where the square ends and the straight line begins; above 0, from 1.2e-38 to 3.4e38 (normal numbers of float32).
   * @default 1
   */
  delta?: number;
}

/**
 * With `d = y - t`, the mean over the elements of a sample of `d^2 / 2` where `|d| <= delta`, else of
 * `delta (|d| - delta / 2)`, as in PyTorch and Keras. The gradient is d, clamped to `-delta..delta`, by the elements.
 */
export class Huber extends ElementwiseLoss {
  protected override readonly delta: number;

  constructor(options: HuberOptions = {}) {
    super('huber', options, ['delta']);
    const { delta = 1 } = options;
    this.delta = checkNumber('losses.huber', 'delta', delta, LEAST_FLOAT, MOST_FLOAT);
  }

  protected functionOf(): string {
    return 'huber';
  }

  override config(): LossConfig {
    return { ...super.config(), delta: this.delta };
  }
}
