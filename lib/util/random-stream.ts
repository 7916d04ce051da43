/**
 * What random numbers are drawn for. A number once given is kept: it is part of what a seed means.
 * Streams below 2^32 (use 0) are the initial weights, by parameter.
 */
export const RandomUse = {
  weights: 0,
  permutation: 1,
  digitLabels: 2,
  digitTrainImages: 3,
  digitTestImages: 4,
  layers: 5,
  sampling: 16,
  pictureGrid: 17,
  gradientCheck: 18,
  augmentation: 32,
  split: 33,
} as const;

export type RandomUse = (typeof RandomUse)[keyof typeof RandomUse];

/** The stream of a use (its high word) and an index within that use (its low word, below 2^32). */
export function randomStream(use: RandomUse, index: number): number {
  return use * 2 ** 32 + index;
}

/**
 * The last word of the counter of an augmentation, by its place among those of a training. The words before it are sample, block of
 * four values and epoch.
 */
export function augmentationStream(place: number): number {
  return RandomUse.augmentation + 2 ** 8 * place;
}

/**
 * The last word of the counter of a layer that draws while training, by its number among those of its model. The words before
 * it are sample, block of four values and step. The low byte is the use, so no stream of another use is met.
 */
export function layerStream(layer: number): number {
  return RandomUse.layers + 2 ** 8 * layer;
}
