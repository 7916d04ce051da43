import { ShapeError } from '../errors/index.js';
import { formatShape, type Shape } from '../util/shape.js';
import { checkImage, type Sliding, type SlidingResult, slide } from './spatial.js';

/**
 * Slides a pooling window over an image.
 *
 * @throws ShapeError when a window would lie outside the image
 */
export function slidePool(who: string, input: Shape, sliding: Sliding): SlidingResult {
  checkImage(who, input);
  const result = slide(who, 'poolSize', input, sliding);
  const outside = ([0, 1] as const).some(
    (axis) => Math.max(result.before[axis], result.after[axis]) >= sliding.size[axis],
  );
  if (outside) {
    throw new ShapeError(
      `${who}: expected padding smaller than the poolSize ${formatShape(sliding.size)}, received ` +
        `${JSON.stringify(sliding.padding)}. A window outside the image has no values.`,
    );
  }
  return result;
}
