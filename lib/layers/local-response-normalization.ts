import { InvalidArgumentError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { LocalResponseNormalization as LocalResponseNormalizationOperation } from '../program/operations/local-response-normalization.js';
import type { Trace } from '../program/trace.js';
import { checkInteger, checkNumber, MOST_SIZE } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';
import { checkImage } from './spatial.js';

export interface LocalResponseNormalizationOptions extends LayerOptions {
  /**
   * Channels of a window around each; of an even number, one more before it than behind.
   * @default 5
   */
  size?: number;
  /**
   * Weight of the mean square of a window.
   * @default 1e-4
   */
  alpha?: number;
  /**
   * The power that values are divided by.
   * @default 0.75
   */
  beta?: number;
  /**
   * Added to the weighted mean square; positive, so that nothing is divided by zero.
   * @default 1
   */
  k?: number;
}

/**
 * Divides each value by the squares around it, at its pixel, in a window of channels: `x / (k + alpha / size * sum of x^2)^beta` (Krizhevsky et
 * al., "ImageNet classification with deep convolutional neural networks", 2012; the division of alpha is PyTorch's). Channels outside count as
 * zeros. Input `[C, H, W]`, output the same.
 */
export class LocalResponseNormalization extends Layer {
  readonly type = 'localResponseNormalization';
  readonly size: number;
  readonly alpha: number;
  readonly beta: number;
  readonly k: number;

  constructor(options: LocalResponseNormalizationOptions = {}) {
    const who = 'layers.localResponseNormalization';
    super(who, options, ['size', 'alpha', 'beta', 'k']);
    const { size = 5, alpha = 1e-4, beta = 0.75, k = 1 } = options;
    this.size = checkInteger(who, 'size', size, 1);
    if (this.size > MOST_SIZE) {
      throw new InvalidArgumentError(`${who}: expected at most ${MOST_SIZE} channels for size, received ${this.size}.`);
    }
    this.alpha = checkNumber(who, 'alpha', alpha, 0);
    this.beta = checkNumber(who, 'beta', beta, 0);
    this.k = checkNumber(who, 'k', k, 1e-12);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const { size, alpha, beta, k } = this;
    return trace.add(new LocalResponseNormalizationOperation(x, { size, alpha, beta, k }));
  }

  config(): LayerConfig {
    const { type, size, alpha, beta, k } = this;
    return { type, size, alpha, beta, k };
  }
}
