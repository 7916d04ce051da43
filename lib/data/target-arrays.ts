import { DataError, InvalidArgumentError, ShapeError } from '../errors/index.js';
import { describe } from '../util/describe.js';
import { sizeOf } from '../util/shape.js';
import type { TargetDataset } from './dataset.js';

/** Targets and their shape, checked; nothing where there are none. */
export function toTargets(
  who: string,
  targets: unknown,
  shape: unknown,
  size: number,
): Partial<Pick<TargetDataset, 'targets' | 'targetShape'>> {
  if (targets === undefined) {
    if (shape === undefined) return {};
    throw new InvalidArgumentError(`${who}: expected targets beside targetShape, received none.`);
  }
  const values = toFloats(who, 'targets', targets);
  const targetShape = shape === undefined ? [values.length / size] : checkShape(who, shape);
  const elements = sizeOf(targetShape);
  if (Number.isInteger(elements) && elements > 0 && values.length === size * elements) {
    return { targets: values, targetShape };
  }
  const each = shape === undefined ? `as many values for each of ${size} samples` : `${size * elements} values`;
  const why = shape === undefined ? '' : ` (${size} samples of shape [${targetShape.join(', ')}])`;
  throw new ShapeError(
    `${who}: expected ${each}${why} for targets, received ${values.length}. Check targetShape, and that images and targets belong together.`,
  );
}

/** Weights of samples, checked. */
export function toWeights(who: string, weights: unknown, size: number): Float32Array | undefined {
  if (weights === undefined) return undefined;
  const values = toFloats(who, 'weights', weights);
  if (values.length !== size) {
    throw new ShapeError(
      `${who}: expected ${size} values (one for each sample in images) for weights, received ${values.length}.`,
    );
  }
  const negative = values.findIndex((weight) => weight < 0);
  if (negative < 0) return values;
  throw new DataError(
    `${who}: expected numbers from 0 in weights, received ${values[negative]} at index ${negative}. A weight of 0 leaves a sample out.`,
  );
}

function toFloats(who: string, name: string, given: unknown): Float32Array {
  if (!(given instanceof Float32Array) && !Array.isArray(given)) {
    throw new InvalidArgumentError(
      `${who}: expected a Float32Array or an array of numbers for ${name}, received ${describe(given)}. ` +
        `Convert it, for example with Float32Array.from(${name}).`,
    );
  }
  const wrongType = Array.isArray(given) ? [...given].findIndex((value) => typeof value !== 'number') : -1;
  if (wrongType >= 0) {
    throw new InvalidArgumentError(
      `${who}: expected numbers in ${name}, received ${describe(given[wrongType])} at index ${wrongType}. ` +
        'Nested arrays must be flattened, sample after sample.',
    );
  }
  const values = given instanceof Float32Array ? given : Float32Array.from(given as number[]);
  const wrong = values.findIndex((value) => !Number.isFinite(value));
  if (wrong < 0) return values;
  throw new DataError(
    `${who}: expected finite float32 values in ${name}, received ${String(given[wrong])} at index ${wrong}.`,
  );
}

function checkShape(who: string, shape: unknown): readonly number[] {
  const isSize = (size: unknown) => Number.isSafeInteger(size) && (size as number) > 0;
  if (Array.isArray(shape) && shape.length > 0 && [...shape].every(isSize)) return [...shape];
  throw new ShapeError(
    `${who}: expected an array of positive integers for targetShape, received ${describe(shape)}. ` +
      'Give the shape of one sample, without the number of samples.',
  );
}
