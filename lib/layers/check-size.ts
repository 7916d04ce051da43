import { ShapeError } from '../errors/index.js';
import { formatShape, type Shape, sizeOf } from '../util/shape.js';

/** Typed arrays and native code count elements in 31 bits. */
const MOST_ELEMENTS = 2 ** 31 - 1;

/** @throws ShapeError for a tensor no array can hold */
export function checkSize(who: string, what: string, shape: Shape): void {
  if (sizeOf(shape) <= MOST_ELEMENTS) return;
  throw new ShapeError(
    `${who}: expected at most ${MOST_ELEMENTS} values in ${what}, received the shape ${formatShape(shape)}.`,
  );
}
