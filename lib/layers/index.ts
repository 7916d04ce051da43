import { checkChoice } from '../util/check.js';
import { Activation, type ActivationOptions } from './activation.js';
import { Add } from './add.js';
import { AveragePooling2D, type AveragePooling2DOptions } from './average-pooling2d.js';
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.js';
import { Conv2D, type Conv2DOptions } from './conv2d.js';
import { Dense, type DenseOptions } from './dense.js';
import { Dropout, type DropoutOptions } from './dropout.js';
import { Flatten } from './flatten.js';
import { GaussianNoise, type GaussianNoiseOptions } from './gaussian-noise.js';
import { GlobalAveragePooling2D } from './global-average-pooling2d.js';
import type { Layer, LayerConfig, LayerOptions } from './layer.js';
import { MaxPooling2D, type MaxPooling2DOptions } from './max-pooling2d.js';
import { activationLayers } from './named-activation.js';
import { Prelu, type PreluOptions } from './prelu.js';
import { SpatialDropout2D, type SpatialDropout2DOptions } from './spatial-dropout2d.js';

/** Layers by name. */
export const layers = {
  /** Convolution over images. */
  conv2d: (options: Conv2DOptions): Conv2D => new Conv2D(options),
  /** The largest value of each window. */
  maxPooling2d: (options?: MaxPooling2DOptions): MaxPooling2D => new MaxPooling2D(options),
  /** The mean of each window. */
  averagePooling2d: (options?: AveragePooling2DOptions): AveragePooling2D => new AveragePooling2D(options),
  /** The mean of each channel. */
  globalAveragePooling2d: (options?: LayerOptions): GlobalAveragePooling2D => new GlobalAveragePooling2D(options),
  /** Each channel brought to mean 0 and variance 1, then scaled and shifted. */
  batchNormalization: (options?: BatchNormalizationOptions): BatchNormalization => new BatchNormalization(options),
  /** The sum of several tensors. */
  add: (options?: LayerOptions): Add => new Add(options),
  /** Every output from every input. */
  dense: (options: DenseOptions): Dense => new Dense(options),
  /** All elements of a sample in one row. */
  flatten: (options?: LayerOptions): Flatten => new Flatten(options),
  /** An activation of its own. */
  activation: (options: ActivationOptions): Activation => new Activation(options),
  ...activationLayers,
  /** A relu with a trained slope below zero. */
  prelu: (options?: PreluOptions): Prelu => new Prelu(options),
  /** Drops values at random while training. */
  dropout: (options: DropoutOptions): Dropout => new Dropout(options),
  /** Drops whole channels at random while training. */
  spatialDropout2d: (options: SpatialDropout2DOptions): SpatialDropout2D => new SpatialDropout2D(options),
  /** Adds normally distributed noise while training. */
  gaussianNoise: (options: GaussianNoiseOptions): GaussianNoise => new GaussianNoise(options),
} as const;

export type { ActivationOptions } from './activation.js';
export type { ActivationName, AnyActivation, ElementwiseActivation, Elu, LeakyRelu } from './activations.js';
export type { AveragePooling2DOptions } from './average-pooling2d.js';
export type { BatchNormalizationOptions } from './batch-normalization.js';
export type { Conv2DOptions } from './conv2d.js';
export type { DenseOptions } from './dense.js';
export type { DropoutOptions } from './dropout.js';
export type { GaussianNoiseOptions } from './gaussian-noise.js';
export type { Layer, LayerConfig, LayerOptions } from './layer.js';
export type { MaxPooling2DOptions } from './max-pooling2d.js';
export type { EluOptions, LeakyReluOptions } from './named-activation.js';
export type { PreluOptions } from './prelu.js';
export type { RandomOptions } from './random-options.js';
export type { Padding } from './spatial.js';
export type { SpatialDropout2DOptions } from './spatial-dropout2d.js';
export type { SymbolicTensor } from './symbolic-tensor.js';
export type { WeightOptions } from './weight-rules.js';

/** The layer a `config()` describes, under the given name. */
export function layerFromConfig(who: string, config: LayerConfig, name: string): Layer {
  const { type, ...options } = config;
  const kind = checkChoice(who, 'type of the layer', type, Object.keys(layers) as (keyof typeof layers)[]);
  const make = layers[kind] as (options: LayerOptions) => Layer; // each constructor checks its own options
  return make({ ...options, name });
}
