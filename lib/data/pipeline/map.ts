import { DataError, InvalidArgumentError, ShapeError } from '../../errors/index.js';
import { checkOptions } from '../../util/check-options.js';
import { describe } from '../../util/describe.js';
import { formatShape, sizeOf } from '../../util/shape.js';
import type { Dataset, TargetDataset } from '../dataset.js';
import { checkSet } from './check-set.js';

const WHO = 'datasets.map';

/** Options of `datasets.map`. */
export interface MapOptions {
  /**
   * Shape of the samples made.
   * @default that of the set
   */
  shape?: readonly number[];
}

/** A sample as `map` hands it out. */
export interface MapSample {
  /** Its pixels, laid out as the set's `shape` says. A view of the set's memory: not to be written to. */
  readonly image: Uint8Array | Float32Array;
  /** Its number in the set. */
  readonly index: number;
  /** Its class, if the set has labels. */
  readonly label: number | undefined;
}

/**
 * A set with other pixels: what a function makes of those of each sample, all `Uint8Array` or all `Float32Array`. It runs in
 * JavaScript, once for each sample and before anything is trained, so it is for what a set needs once; what shall differ from epoch to epoch
 * is an augmentation. `mean` and `std`, which are those of the old pixels, it has not.
 *
 * @throws ShapeError or InvalidArgumentError when it gives something else, DataError for pixels that are not finite
 */
export function map<Set extends Dataset | TargetDataset>(
  set: Set,
  of: (sample: MapSample) => Uint8Array | Float32Array,
  options: MapOptions = {},
): Set {
  checkOptions(WHO, options, ['shape']);
  const { images, size, labels, shape: before } = checkSet(WHO, set);
  if (!ArrayBuffer.isView(images)) {
    throw new InvalidArgumentError(`${WHO}: expected a dataset with a single part, received one of several.`);
  }
  if (typeof of !== 'function') {
    throw new InvalidArgumentError(`${WHO}: expected a function of a sample, received ${describe(of)}.`);
  }
  const { shape: given = before } = options;
  const shape = checkShape(given);
  const [row, features] = [images.length / size, sizeOf(shape)];
  let all: Uint8Array | Float32Array | undefined;
  for (let index = 0; index < size; index++) {
    const image = images.subarray(index * row, (index + 1) * row);
    const made: unknown = of({ image, index, label: labels?.[index] });
    const kind = all?.constructor.name ?? 'Uint8Array or Float32Array';
    const isImage = made instanceof Uint8Array || made instanceof Float32Array;
    if (!isImage || (all && made instanceof Uint8Array !== all instanceof Uint8Array) || made.length !== features) {
      throw new ShapeError(
        `${WHO}: expected a ${kind} of ${features} pixels for samples of shape ${formatShape(shape)}, received ` +
          `${describe(made)} for sample ${index}.`,
      );
    }
    if (made instanceof Float32Array && !made.every(Number.isFinite)) {
      throw new DataError(`${WHO}: expected finite pixels, received others for sample ${index}.`);
    }
    all ??= made instanceof Uint8Array ? new Uint8Array(size * features) : new Float32Array(size * features);
    all.set(made, index * features);
  }
  const { mean: _, std: __, ...rest } = set as Dataset;
  return { ...rest, images: all, shape } as Dataset as Set;
}

function checkShape(shape: unknown): readonly number[] {
  const sizes: unknown[] = Array.isArray(shape) ? [...shape] : [];
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) >= 1;
  if ((sizes.length === 1 || sizes.length === 3) && sizes.every(isSize)) return sizes as number[];
  throw new ShapeError(
    `${WHO}: expected [channels, height, width] or [features] of positive integers for shape, received ${describe(shape)}.`,
  );
}
