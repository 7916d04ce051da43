import type { Philox } from '../util/philox.js';
import type { Shape } from '../util/shape.js';

/** Fills a new parameter; `name` is that of the parameter, for messages. */
export type Initializer = (shape: Shape, random: Philox, name: string) => Float32Array;
