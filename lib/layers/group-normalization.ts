import { ShapeError } from '../errors/index.js';
import { checkInteger } from '../util/check.js';
import { formatShape, type Shape } from '../util/shape.js';
import type { LayerConfig } from './layer.js';
import { SampleNormalization, type SampleNormalizationOptions } from './sample-normalization.js';

/** Options of `layers.groupNormalization`. */
export interface GroupNormalizationOptions extends SampleNormalizationOptions {
  /** Splits the channels into so many runs; they must divide by it. */
  groups: number;
}

/**
 * Normalises each group of channels of each sample to mean 0 and variance 1, then scales and shifts each channel:
 * `(x - mean) / sqrt(variance + epsilon) * gamma + beta`, with the biased variance (Wu and He, "Group normalization", 2018).
 *
 * Input `[C, H, W]` or `[C]`, output the same. Parameters: `gamma` `[C]`, one; `beta` `[C]`, zero.
 */
export class GroupNormalization extends SampleNormalization {
  readonly type = 'groupNormalization';
  readonly groups: number;

  constructor(options: GroupNormalizationOptions) {
    const who = 'layers.groupNormalization';
    super(who, options, ['groups']);
    this.groups = checkInteger(who, 'groups', options.groups, 1);
  }

  protected groupsOf(): number {
    return this.groups;
  }

  override outputShape(who: string, input: Shape): Shape {
    if ((input[0] ?? 0) % this.groups !== 0) {
      throw new ShapeError(
        `${who}: expected input channels that divide by the ${this.groups} groups, received ${formatShape(input)}.`,
      );
    }
    return super.outputShape(who, input);
  }

  config(): LayerConfig {
    const { type, groups, epsilon, scale, center } = this;
    return { type, groups, epsilon, scale, center, ...this.training() };
  }
}
