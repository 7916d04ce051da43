import type { Sums } from './reference/grouped-convolution.js';
import { largestMagnitude } from './values.js';

/** What errors of so many planes are measured by: a sum of absolute products for each element. */
export type ScaleOf = (sums: Sums, planes: number) => Float64Array;

export const ownProducts: ScaleOf = ({ products }) => products;

/** A tile's outputs share their rounding errors: one at a corner, made of a single small product, has those of the others. */
export const productsOfPlane: ScaleOf = ({ products }, planes) => {
  const size = products.length / planes;
  const largest = Array.from({ length: planes }, (_, i) =>
    largestMagnitude(products.subarray(i * size, (i + 1) * size)),
  );
  return products.map((_, i) => largest[Math.floor(i / size)] as number);
};
