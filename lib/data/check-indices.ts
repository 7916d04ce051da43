import { InvalidArgumentError } from '../errors/index.js';
import { describe } from '../util/describe.js';

/** Numbers of samples of a set of so many. @throws InvalidArgumentError unless they are such, and there is one at least */
export function checkIndices(who: string, indices: unknown, size: number): Int32Array {
  if (!Array.isArray(indices) && !(ArrayBuffer.isView(indices) && 'length' in indices)) {
    throw new InvalidArgumentError(
      `${who}: expected an array of sample numbers for indices, received ${describe(indices)}.`,
    );
  }
  const list = indices as ArrayLike<unknown>;
  if (list.length === 0)
    throw new InvalidArgumentError(`${who}: expected at least one sample for indices, received none.`);
  const checked = new Int32Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const index = list[i];
    if (!Number.isInteger(index) || (index as number) < 0 || (index as number) >= size) {
      throw new InvalidArgumentError(
        `${who}: expected integers from 0 to ${size - 1} for indices, received ${describe(index)} at place ${i}.`,
      );
    }
    checked[i] = index as number;
  }
  return checked;
}
