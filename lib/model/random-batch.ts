import type { Loss } from '../losses/index.js';
import type { Philox } from '../util/philox.js';
import { type Shape, sizeOf } from '../util/shape.js';

/** Samples drawn at random, and what a loss compares outputs with. */
export interface RandomBatch {
  readonly samples: number;
  /** Of each input. */
  readonly inputs: readonly Float32Array[];
  readonly labels?: Int32Array | undefined;
  readonly targets?: Float32Array | undefined;
}

/** Drawn in a twentieth of a second; more would keep the event loop waiting. */
const MOST_DRAWN = 2 ** 18;

/** Normally distributed samples, those of large batches again and again; labels, or targets that the loss allows, evenly distributed. */
export function randomBatch(
  random: Philox,
  samples: number,
  inputs: readonly { readonly shape: Shape }[],
  outputs: number,
  loss?: Loss,
): RandomBatch {
  const batch = {
    samples,
    inputs: inputs.map(({ shape }) => normals(random, samples * sizeOf(shape))),
  };
  if (loss?.reads !== 'targets') {
    return { ...batch, labels: Int32Array.from({ length: samples }, () => random.nextInt(outputs)) };
  }
  const signs = loss.targetValues !== undefined && !loss.targetValues.includes(0.5);
  const target = () => (signs ? 2 * random.nextInt(2) - 1 : random.nextFloat());
  return { ...batch, targets: Float32Array.from({ length: samples * outputs }, target) };
}

function normals(random: Philox, length: number): Float32Array {
  const all = new Float32Array(length);
  const drawn = Math.min(length, MOST_DRAWN);
  for (let i = 0; i < drawn; i++) all[i] = random.nextNormal();
  for (let filled = drawn; filled < length; filled *= 2) all.copyWithin(filled, 0, filled);
  return all;
}
