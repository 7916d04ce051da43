import { ShapeError } from '../errors/index.js';
import { formatShape, sizeOf } from '../util/shape.js';
import { type ArrayLikeInput, likeGiven, parseArray, type SameKind, zerosFor } from './array.js';

/**
 * A kernel rotated by 180 degrees: rows and columns, the last two axes, in reverse order. Makes a convolution in the
 * mathematical sense of a cross-correlation, and back. Of a Float64Array and of nested arrays the result is doubles, of all others float32.
 *
 * @param kernel `[..., R, S]`
 * @throws ShapeError for fewer than two axes
 */
export function rot180<const X extends ArrayLikeInput>(kernel: X): SameKind<X> {
  const who = 'ops.rot180';
  const given = parseArray(who, 'kernel', kernel);
  if (given.shape.length < 2) {
    throw new ShapeError(`${who}: expected a kernel of shape [..., R, S], received ${formatShape(given.shape)}.`);
  }
  const taps = sizeOf(given.shape.slice(-2));
  // Reversed in their order, a kernel's taps are rotated.
  const rotated = zerosFor(given.data, given.data.length).map((_, i) => {
    const first = i - (i % taps);
    return given.data[first + (taps - 1 - (i - first))] as number;
  });
  return likeGiven(given, rotated, given.shape) as SameKind<X>;
}
