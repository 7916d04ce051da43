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
  gradientCheck: 16,
} as const;

export type RandomUse = (typeof RandomUse)[keyof typeof RandomUse];

/** The stream of a use (its high word) and an index within that use (its low word, below 2^32). */
export function randomStream(use: RandomUse, index: number): number {
  return use * 2 ** 32 + index;
}
