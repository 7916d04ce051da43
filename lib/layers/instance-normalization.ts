import type { Shape } from '../util/shape.js';
import type { LayerConfig } from './layer.js';
import { SampleNormalization, type SampleNormalizationOptions } from './sample-normalization.js';

/** Options of `layers.instanceNormalization`. */
export type InstanceNormalizationOptions = SampleNormalizationOptions;

/**
 * Normalises each channel of each sample to mean 0 and variance 1, then scales and shifts it:
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, with the biased variance (Ulyanov, Vedaldi and Lempitsky, "Instance
 * normalization", 2016).
 *
 * Input `[C, H, W]` of two pixels or more, output the same. Parameters: `gamma` `[C]`, one; `beta` `[C]`, zero.
 */
export class InstanceNormalization extends SampleNormalization {
  readonly type = 'instanceNormalization';

  constructor(options: InstanceNormalizationOptions = {}) {
    super('layers.instanceNormalization', options);
  }

  protected groupsOf([channels = 1]: Shape): number {
    return channels;
  }

  config(): LayerConfig {
    const { type, epsilon, scale, center } = this;
    return { type, epsilon, scale, center, ...this.training() };
  }
}
