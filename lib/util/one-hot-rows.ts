import { InvalidArgumentError } from '../errors/index.js';
import { describe } from './describe.js';

/**
 * A row of so many numbers for each label, one after another: 1 at the label, `off` elsewhere.
 *
 * @throws InvalidArgumentError for labels that are no integers from 0 to `classes - 1`
 */
export function oneHotRows(who: string, labels: ArrayLike<number>, classes: number, off = 0): Float32Array {
  const rows = new Float32Array(labels.length * classes).fill(off);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i] as number;
    if (!Number.isInteger(label) || label < 0 || label >= classes) {
      throw new InvalidArgumentError(
        `${who}: expected labels from 0 to ${classes - 1}, received ${describe(label)} at position ${i}.`,
      );
    }
    rows[i * classes + label] = 1;
  }
  return rows;
}
