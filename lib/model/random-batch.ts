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

/** Normally distributed samples; labels, or targets that the loss allows, evenly distributed. */
export function randomBatch(
  random: Philox,
  samples: number,
  inputs: readonly { readonly shape: Shape }[],
  outputs: number,
  loss?: Loss,
): RandomBatch {
  const batch = {
    samples,
    inputs: inputs.map(({ shape }) =>
      Float32Array.from({ length: samples * sizeOf(shape) }, () => random.nextNormal()),
    ),
  };
  if (loss?.reads !== 'targets') {
    return { ...batch, labels: Int32Array.from({ length: samples }, () => random.nextInt(outputs)) };
  }
  const signs = loss.targetValues !== undefined && !loss.targetValues.includes(0.5);
  const target = () => (signs ? 2 * random.nextInt(2) - 1 : random.nextFloat());
  return { ...batch, targets: Float32Array.from({ length: samples * outputs }, target) };
}
