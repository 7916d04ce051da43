import { ShapeError } from '../errors/index.js';
import { formatShape, isMap, type Shape } from '../util/shape.js';

/** @throws ShapeError where outputs are maps, whose pixels a metric would take for classes */
export function checkClasses(who: string, metric: string, shape: Shape): void {
  if (!isMap(shape)) return;
  throw new ShapeError(
    `${who}: expected a model with outputs of shape [classes] for the metric ${metric}, received outputs of shape ` +
      `${formatShape(shape)}. Leave it out: of maps, accuracy is the share of right pixels with binaryCrossentropy and hinge.`,
  );
}
