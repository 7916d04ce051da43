import { splitSeed } from '../../util/philox.js';
import { layerStream } from '../../util/random-stream.js';
import type { Emitter } from '../emitter.js';

/** Whose random numbers an operation draws while training. */
export interface Draws {
  /** Instead of the model's. */
  readonly seed: number | undefined;
  /** Number of the operation among those of the network that draw: each has a stream of its own. */
  readonly stream: number;
}

/** What native calls need to know of it. */
export function drawAttributes(emit: Emitter, { seed, stream }: Draws) {
  const [key0, key1] = splitSeed(seed ?? emit.seed);
  return { key0, key1, stream: layerStream(stream) };
}
