import { ShapeError } from '../errors/index.js';
import type { InputTransform } from '../program/compile.js';
import { formatShape, type Shape } from '../util/shape.js';
import type { ImageInput } from './augmentation.js';

/** @throws ShapeError unless samples of this shape are images */
export function imageInput(who: string, shape: Shape, { scale, shift }: InputTransform): ImageInput {
  const [channels = 0, height = 0, width = 0] = shape;
  if (shape.length !== 3) {
    throw new ShapeError(
      `${who}: expected samples of shape [channels, height, width] for augment, received ${formatShape(shape)}.`,
    );
  }
  const means = Array.from({ length: channels }, (_, c) => -(shift[c] ?? 0) / (scale[c] ?? 1));
  return { channels, height, width, means };
}
