import { type Conv2DOptions, type Layer, layers } from '../../layers/index.js';

/** A convolution without bias and a batch normalisation, as modern networks use them. */
export function normalized(options: Conv2DOptions): Layer[] {
  return [layers.conv2d({ ...options, useBias: false }), layers.batchNormalization()];
}

/** The same with a relu behind. */
export function activated(options: Conv2DOptions): Layer[] {
  return [...normalized(options), layers.activation({ activation: 'relu' })];
}
