import type { Philox } from '../util/philox.js';
import type { Shape } from '../util/shape.js';

/** Fills a new parameter. */
export type Initializer = (shape: Shape, random: Philox) => Float32Array;
