import { InvalidArgumentError, ShapeError } from '../../errors/index.js';
import { describe } from '../../util/describe.js';
import { formatShape } from '../../util/shape.js';
import { checkSameClasses } from '../check-same-classes.js';
import { type AnyDataset, type Dataset, type DatasetPart, partsOf } from '../dataset.js';
import { checkSet } from './check-set.js';

const WHO = 'datasets.concatenate';

/**
 * Samples of several sets as one, in their order; pixels are copied. The sets have the same shapes and kinds of pixels, and all or none
 * of them labels, targets and weights; names of classes are those of the first, which the others have too or none.
 * `mean` and `std` it has where they are the same in all sets.
 *
 * @throws InvalidArgumentError or ShapeError when the sets differ
 */
export function concatenate<Set extends AnyDataset>(sets: readonly Set[]): Set {
  if (!Array.isArray(sets) || sets.length === 0) {
    throw new InvalidArgumentError(`${WHO}: expected an array of datasets, received ${describe(sets)}.`);
  }
  const all = (sets as readonly Set[]).map((set) => checkSet(WHO, set));
  const [first] = all as [Set];
  for (const [i, set] of all.entries()) checkAlike(first, set, i);
  const parts = all.map(partsOf);
  const images = partsOf(first).map((_, part) => join(parts.map((list) => (list[part] as DatasetPart).images)));
  const joined = <Name extends 'labels' | 'targets' | 'weights'>(name: Name) =>
    first[name] && { [name]: join(all.map((set) => set[name] as Int32Array | Float32Array)) };
  const { mean: _, std: __, ...rest } = first as Dataset;
  return {
    ...rest,
    ...(haveSameNormalization(all) && normalizationOf(first)),
    images: Array.isArray(first.images) ? images : images[0],
    ...joined('labels'),
    ...joined('targets'),
    ...joined('weights'),
    size: all.reduce((sum, { size }) => sum + size, 0),
  } as AnyDataset as Set;
}

function normalizationOf(set: AnyDataset): Pick<Dataset, 'mean' | 'std'> {
  const { mean, std } = set as Dataset;
  return { ...(mean && { mean }), ...(std && { std }) };
}

/** Those of one set alone would not be those of all pixels. */
function haveSameNormalization(sets: readonly AnyDataset[]): boolean {
  const texts = sets.map((set) => JSON.stringify(normalizationOf(set)));
  return texts.every((text) => text === texts[0]);
}

function checkAlike(first: AnyDataset, set: AnyDataset, place: number): void {
  for (const name of ['labels', 'targets', 'weights'] as const) {
    if ((first[name] === undefined) === (set[name] === undefined)) continue;
    throw new InvalidArgumentError(
      `${WHO}: expected ${name} in all of the sets or in none, received one ${set[name] ? 'with' : 'without'} at place ${place}.`,
    );
  }
  checkSameClasses(`${WHO} sets[${place}]`, 'the first set', first, set);
  const shapes = (data: AnyDataset) => partsOf(data).map(({ shape }) => formatShape(shape));
  const layout = (data: AnyDataset) => [
    ...shapes(data),
    ...(data.targetShape ? [`targets ${formatShape(data.targetShape)}`] : []),
    ...(data.labels ? [`${data.classes} classes`] : []),
  ];
  const [expected, received] = [layout(first), layout(set)];
  if (expected.join() !== received.join()) {
    throw new ShapeError(
      `${WHO}: expected samples like those of the first set (${expected.join(', ')}), received ${received.join(', ')} at place ` +
        `${place}.`,
    );
  }
  const kinds = (data: AnyDataset) =>
    partsOf(data)
      .map(({ images }) => images.constructor.name)
      .join();
  if (kinds(first) === kinds(set)) return;
  throw new InvalidArgumentError(
    `${WHO}: expected pixels of ${kinds(first)}, as in the first set, received ${kinds(set)} at place ${place}.`,
  );
}

function join<Values extends Uint8Array | Int32Array | Float32Array>(arrays: readonly Values[]): Values {
  const length = arrays.reduce((sum, array) => sum + array.length, 0);
  const joined = new ((arrays[0] as Values).constructor as new (length: number) => Values)(length);
  let start = 0;
  for (const array of arrays) {
    joined.set(array, start);
    start += array.length;
  }
  return joined;
}
