import { ones } from '../initializers/ones.js';
import { zeros } from '../initializers/zeros.js';
import type { Value } from '../program/operation.js';
import { BatchNormalization as BatchNormalizationOperation } from '../program/operations/batch-normalization.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean, checkNumber } from '../util/check.js';
import { type Shape, sizeOf } from '../util/shape.js';
import {
  Layer,
  type LayerConfig,
  type ParameterLookup,
  type ParameterSpec,
  TRAINED_LAYER_OPTIONS,
  type TrainedLayerOptions,
} from './layer.js';

export interface BatchNormalizationOptions extends TrainedLayerOptions {
  /**
   * Weight of the old value in the running mean and variance, from 0 to 1 (Keras's meaning; PyTorch's is 1 minus this).
   * @default 0.9
   */
  momentum?: number;
  /**
   * Added to the variance.
   * @default 1e-5
   */
  epsilon?: number;
  /**
   * Whether normalised values are multiplied by a trained `gamma`.
   * @default true
   */
  scale?: boolean;
  /**
   * Whether a trained `beta` is added then.
   * @default true
   */
  center?: boolean;
}

/**
 * Normalises each channel to mean 0 and variance 1, then scales and shifts it: `(x - mean) / sqrt(variance + epsilon) * gamma + beta`.
 *
 * In training over the batch, otherwise by running mean and (unbiased) variance. Input `[C, H, W]` or `[C]`, output the same.
 * A training step needs two values of each channel: two samples, or two pixels. With `trainable: false` training normalises by the running
 * statistics as well, and keeps them.
 * Parameters: `gamma` `[C]`, one; `beta` `[C]`, zero; `runningMean` and `runningVariance`, not trained.
 */
export class BatchNormalization extends Layer {
  readonly type = 'batchNormalization';
  readonly momentum: number;
  readonly epsilon: number;
  readonly scale: boolean;
  readonly center: boolean;

  constructor(options: BatchNormalizationOptions = {}) {
    const who = 'layers.batchNormalization';
    super(who, options, ['momentum', 'epsilon', 'scale', 'center', ...TRAINED_LAYER_OPTIONS]);
    const { momentum = 0.9, epsilon = 1e-5, scale = true, center = true } = options;
    this.momentum = checkNumber(who, 'momentum', momentum, 0, 1);
    this.epsilon = checkNumber(who, 'epsilon', epsilon, 1e-12);
    this.scale = checkBoolean(who, 'scale', scale);
    this.center = checkBoolean(who, 'center', center);
  }

  outputShape(_who: string, input: Shape): Shape {
    return input;
  }

  override parameters([channels = 0]: Shape): ParameterSpec[] {
    const shape = [channels];
    return [
      ...(this.scale ? [{ name: 'gamma', shape, initializer: ones }] : []),
      ...(this.center ? [{ name: 'beta', shape, initializer: zeros }] : []),
      { name: 'runningMean', shape, initializer: zeros, trainable: false },
      { name: 'runningVariance', shape, initializer: ones, trainable: false },
    ];
  }

  /** Two values of a channel: the variance of one is zero, and every output would be `beta`, whatever the input. */
  override fewestSamples([, ...spatial]: Shape): number {
    return this.trainable && sizeOf(spatial) === 1 ? 2 : 1;
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    return trace.add(
      new BatchNormalizationOperation(x, {
        gamma: this.scale ? parameter('gamma') : null,
        beta: this.center ? parameter('beta') : null,
        runningMean: parameter('runningMean'),
        runningVariance: parameter('runningVariance'),
        epsilon: this.epsilon,
        momentum: this.momentum,
        activation: 'linear',
        frozen: !this.trainable,
      }),
    );
  }

  config(): LayerConfig {
    const { type, momentum, epsilon, scale, center } = this;
    return { type, momentum, epsilon, scale, center, ...this.training() };
  }
}
