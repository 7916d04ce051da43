import type { Philox } from '../util/philox.js';
import type { Shape } from '../util/shape.js';

/** Fills a new parameter; `name` is that of the parameter, for messages, `groups` those of a convolution along the first axis of its kernel. */
export type Initializer = (shape: Shape, random: Philox, name: string, groups?: number) => Float32Array;

/** Fills the kernel of a convolution once there is data to learn from. */
export interface DataInitializer {
  /** Samples to look at, from the first one on. */
  readonly samples: number;
  /** @param covariance of the windows that the kernel meets, `[C * R * S, C * R * S]` */
  fill(shape: Shape, covariance: Float64Array): Float32Array;
}
