import { checkChoice } from '../util/check.js';
import { Activation, type ActivationOptions } from './activation.js';
import { AdaptiveAveragePooling2D } from './adaptive-average-pooling2d.js';
import { AdaptiveMaxPooling2D } from './adaptive-max-pooling2d.js';
import type { AdaptivePooling2DOptions } from './adaptive-pooling2d.js';
import { Add } from './add.js';
import { Average } from './average.js';
import { AveragePooling2D, type AveragePooling2DOptions } from './average-pooling2d.js';
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.js';
import { Concatenate, type ConcatenateOptions } from './concatenate.js';
import { Conv2D, type Conv2DOptions } from './conv2d.js';
import { Conv2DTranspose, type Conv2DTransposeOptions } from './conv2d-transpose.js';
import { Cropping2D, type Cropping2DOptions } from './cropping2d.js';
import { Dense, type DenseOptions } from './dense.js';
import { DepthwiseConv2D, type DepthwiseConv2DOptions } from './depthwise-conv2d.js';
import { Dropout, type DropoutOptions } from './dropout.js';
import { Flatten } from './flatten.js';
import { GaussianNoise, type GaussianNoiseOptions } from './gaussian-noise.js';
import { GlobalAveragePooling2D } from './global-average-pooling2d.js';
import { GlobalMaxPooling2D } from './global-max-pooling2d.js';
import { GroupNormalization, type GroupNormalizationOptions } from './group-normalization.js';
import { InstanceNormalization, type InstanceNormalizationOptions } from './instance-normalization.js';
import type { Layer, LayerConfig, LayerOptions } from './layer.js';
import { LayerNormalization, type LayerNormalizationOptions } from './layer-normalization.js';
import { LocalResponseNormalization, type LocalResponseNormalizationOptions } from './local-response-normalization.js';
import { MaxPooling2D, type MaxPooling2DOptions } from './max-pooling2d.js';
import { Maximum } from './maximum.js';
import { Multiply } from './multiply.js';
import { activationLayers } from './named-activation.js';
import { Permute, type PermuteOptions } from './permute.js';
import { Prelu, type PreluOptions } from './prelu.js';
import { Rescaling, type RescalingOptions } from './rescaling.js';
import { Reshape, type ReshapeOptions } from './reshape.js';
import { SeparableConv2D, type SeparableConv2DOptions } from './separable-conv2d.js';
import { SpatialDropout2D, type SpatialDropout2DOptions } from './spatial-dropout2d.js';
import { UpSampling2D, type UpSampling2DOptions } from './up-sampling2d.js';
import { ZeroPadding2D, type ZeroPadding2DOptions } from './zero-padding2d.js';

/**
 * Layers by name.
 *
 * @namespace
 */
export const layers = {
  /** Convolution over images. */
  conv2d: (options: Conv2DOptions): Conv2D => new Conv2D(options),
  /** Convolution of each channel for itself. */
  depthwiseConv2d: (options: DepthwiseConv2DOptions): DepthwiseConv2D => new DepthwiseConv2D(options),
  /** A depthwise convolution and a 1x1 convolution behind it. */
  separableConv2d: (options: SeparableConv2DOptions): SeparableConv2D => new SeparableConv2D(options),
  /** The way back of a convolution: to a larger image. */
  conv2dTranspose: (options: Conv2DTransposeOptions): Conv2DTranspose => new Conv2DTranspose(options),
  /** The largest value of each window. */
  maxPooling2d: (options?: MaxPooling2DOptions): MaxPooling2D => new MaxPooling2D(options),
  /** The mean of each window. */
  averagePooling2d: (options?: AveragePooling2DOptions): AveragePooling2D => new AveragePooling2D(options),
  /** The mean of each channel. */
  globalAveragePooling2d: (options?: LayerOptions): GlobalAveragePooling2D => new GlobalAveragePooling2D(options),
  /** The largest value of each channel. */
  globalMaxPooling2d: (options?: LayerOptions): GlobalMaxPooling2D => new GlobalMaxPooling2D(options),
  /** The mean of each bin of an output of fixed size. */
  adaptiveAveragePooling2d: (options: AdaptivePooling2DOptions): AdaptiveAveragePooling2D =>
    new AdaptiveAveragePooling2D(options),
  /** The largest value of each bin of an output of fixed size. */
  adaptiveMaxPooling2d: (options: AdaptivePooling2DOptions): AdaptiveMaxPooling2D => new AdaptiveMaxPooling2D(options),
  /** An image enlarged by whole factors. */
  upSampling2d: (options?: UpSampling2DOptions): UpSampling2D => new UpSampling2D(options),
  /** Zeros around an image. */
  zeroPadding2d: (options?: ZeroPadding2DOptions): ZeroPadding2D => new ZeroPadding2D(options),
  /** The inner part of an image. */
  cropping2d: (options: Cropping2DOptions): Cropping2D => new Cropping2D(options),
  /** Each channel brought to mean 0 and variance 1, then scaled and shifted. */
  batchNormalization: (options?: BatchNormalizationOptions): BatchNormalization => new BatchNormalization(options),
  /** All elements of a sample brought to mean 0 and variance 1, then scaled and shifted. */
  layerNormalization: (options?: LayerNormalizationOptions): LayerNormalization => new LayerNormalization(options),
  /** Each group of channels of a sample brought to mean 0 and variance 1; each channel then scaled and shifted. */
  groupNormalization: (options: GroupNormalizationOptions): GroupNormalization => new GroupNormalization(options),
  /** Each channel of a sample brought to mean 0 and variance 1, then scaled and shifted. */
  instanceNormalization: (options?: InstanceNormalizationOptions): InstanceNormalization =>
    new InstanceNormalization(options),
  /** Each value divided by those of neighbouring channels. */
  localResponseNormalization: (options?: LocalResponseNormalizationOptions): LocalResponseNormalization =>
    new LocalResponseNormalization(options),
  /** The sum of several tensors. */
  add: (options?: LayerOptions): Add => new Add(options),
  /** The product of several tensors. */
  multiply: (options?: LayerOptions): Multiply => new Multiply(options),
  /** The mean of several tensors. */
  average: (options?: LayerOptions): Average => new Average(options),
  /** The largest of several tensors, element by element. */
  maximum: (options?: LayerOptions): Maximum => new Maximum(options),
  /** Several tensors one behind another, by default their channels. */
  concatenate: (options?: ConcatenateOptions): Concatenate => new Concatenate(options),
  /** Every value times a number, plus another. */
  rescaling: (options: RescalingOptions): Rescaling => new Rescaling(options),
  /** The same elements under another shape. */
  reshape: (options: ReshapeOptions): Reshape => new Reshape(options),
  /** The axes of a sample in another order. */
  permute: (options: PermuteOptions): Permute => new Permute(options),
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
export type { AdaptivePooling2DOptions } from './adaptive-pooling2d.js';
export type { AveragePooling2DOptions } from './average-pooling2d.js';
export type { BatchNormalizationOptions } from './batch-normalization.js';
export type { ConcatenateOptions } from './concatenate.js';
export type { Conv2DOptions } from './conv2d.js';
export type { Conv2DTransposeOptions } from './conv2d-transpose.js';
export type { ConvolutionOptions } from './convolution-layer.js';
export type { ConvolutionPadding } from './convolution-window.js';
export type { Cropping2DOptions } from './cropping2d.js';
export type { DenseOptions } from './dense.js';
export type { DepthwiseConv2DOptions } from './depthwise-conv2d.js';
export type { DropoutOptions } from './dropout.js';
export type { GaussianNoiseOptions } from './gaussian-noise.js';
export type { GroupNormalizationOptions } from './group-normalization.js';
export type { InstanceNormalizationOptions } from './instance-normalization.js';
export type { Layer, LayerConfig, LayerOptions, TrainedLayerOptions } from './layer.js';
export type { LayerNormalizationOptions } from './layer-normalization.js';
export type { LocalResponseNormalizationOptions } from './local-response-normalization.js';
export type { MaxPooling2DOptions } from './max-pooling2d.js';
export type { EluOptions, LeakyReluOptions } from './named-activation.js';
export type { PermuteOptions } from './permute.js';
export type { PreluOptions } from './prelu.js';
export type { RandomOptions } from './random-options.js';
export type { RescalingOptions } from './rescaling.js';
export type { ReshapeOptions } from './reshape.js';
export type { SeparableConv2DOptions } from './separable-conv2d.js';
export type { Sides } from './sides.js';
export type { Padding } from './spatial.js';
export type { SpatialDropout2DOptions } from './spatial-dropout2d.js';
export type { SymbolicTensor } from './symbolic-tensor.js';
export type { UpSampling2DOptions } from './up-sampling2d.js';
export type { WeightOptions } from './weight-rules.js';
export type { ZeroPadding2DOptions } from './zero-padding2d.js';

/** The layer a `config()` describes, under the given name. */
export function layerFromConfig(who: string, config: LayerConfig, name: string): Layer {
  const { type, ...options } = config;
  const kind = checkChoice(who, 'type of the layer', type, Object.keys(layers) as (keyof typeof layers)[]);
  const make = layers[kind] as (options: LayerOptions) => Layer; // each constructor checks its own options
  return make({ ...options, name });
}
