import { checkChoice } from '../util/check.js';
import { Activation, type ActivationOptions } from './activation.js';
import { Add } from './add.js';
import { AveragePooling2D, type AveragePooling2DOptions } from './average-pooling2d.js';
import { BatchNormalization, type BatchNormalizationOptions } from './batch-normalization.js';
import { Conv2D, type Conv2DOptions } from './conv2d.js';
import { Conv2DTranspose, type Conv2DTransposeOptions } from './conv2d-transpose.js';
import { Dense, type DenseOptions } from './dense.js';
import { DepthwiseConv2D, type DepthwiseConv2DOptions } from './depthwise-conv2d.js';
import { Flatten } from './flatten.js';
import { GlobalAveragePooling2D } from './global-average-pooling2d.js';
import type { Layer, LayerConfig, LayerOptions } from './layer.js';
import { MaxPooling2D, type MaxPooling2DOptions } from './max-pooling2d.js';
import { SeparableConv2D, type SeparableConv2DOptions } from './separable-conv2d.js';

/** Layers by name. */
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
} as const;

export type { ActivationOptions } from './activation.js';
export type { ActivationName } from './activations.js';
export type { AveragePooling2DOptions } from './average-pooling2d.js';
export type { BatchNormalizationOptions } from './batch-normalization.js';
export type { Conv2DOptions } from './conv2d.js';
export type { Conv2DTransposeOptions } from './conv2d-transpose.js';
export type { ConvolutionOptions } from './convolution-layer.js';
export type { ConvolutionPadding } from './convolution-window.js';
export type { DenseOptions } from './dense.js';
export type { DepthwiseConv2DOptions } from './depthwise-conv2d.js';
export type { Layer, LayerConfig, LayerOptions } from './layer.js';
export type { MaxPooling2DOptions } from './max-pooling2d.js';
export type { SeparableConv2DOptions } from './separable-conv2d.js';
export type { Padding } from './spatial.js';
export type { SymbolicTensor } from './symbolic-tensor.js';

/** The layer a `config()` describes, under the given name. */
export function layerFromConfig(who: string, config: LayerConfig, name: string): Layer {
  const { type, ...options } = config;
  const kind = checkChoice(who, 'type of the layer', type, Object.keys(layers) as (keyof typeof layers)[]);
  const make = layers[kind] as (options: LayerOptions) => Layer; // each constructor checks its own options
  return make({ ...options, name });
}
