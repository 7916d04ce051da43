import type { LayerConfig } from './layer.js';
import { SampleNormalization, type SampleNormalizationOptions } from './sample-normalization.js';

/** Options of `layers.layerNormalization`. */
export type LayerNormalizationOptions = SampleNormalizationOptions;

/**
 * Normalises all elements of a sample together to mean 0 and variance 1, then scales and shifts each:
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, with the biased variance (PyTorch's `LayerNorm` over `[C, H, W]`).
 *
 * Input of any shape, output the same. Parameters, both of the shape of a sample: `gamma`, one; `beta`, zero.
 */
export class LayerNormalization extends SampleNormalization {
  readonly type = 'layerNormalization';
  protected override readonly elementwise = true;

  constructor(options: LayerNormalizationOptions = {}) {
    super('layers.layerNormalization', options);
  }

  protected groupsOf(): number {
    return 1;
  }

  config(): LayerConfig {
    const { type, epsilon, scale, center } = this;
    return { type, epsilon, scale, center, ...this.training() };
  }
}
