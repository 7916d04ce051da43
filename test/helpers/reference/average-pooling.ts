import { at, type Numbers } from '../values.js';
import type { PoolingShape } from './max-pooling.js';
import { type Axis, inputUnder, positions } from './sliding.js';

/** The mean of each window over the elements inside the image, and its gradient: equal shares of dy to each of them. */
export function averagePooling({ planes, rows, columns }: PoolingShape, x: Numbers, dy: Numbers) {
  const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
  const [ySize, dxSize] = [new Float64Array(dy.length), new Float64Array(x.length)];
  let output = 0;
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < positions(rows); i++) {
      for (let j = 0; j < positions(columns); j++, output++) {
        const window = under(rows, i).flatMap((row) =>
          under(columns, j).map((column) => (plane * rows.input + row) * columns.input + column),
        );
        for (const index of window) {
          const share = at(dy, output) / window.length;
          y[output] = at(y, output) + at(x, index) / window.length;
          ySize[output] = at(ySize, output) + Math.abs(at(x, index)) / window.length;
          dx[index] = at(dx, index) + share;
          dxSize[index] = at(dxSize, index) + Math.abs(share);
        }
      }
    }
  }
  return { y, dx, sizes: { y: ySize, dx: dxSize } };
}

/** Positions of the image that a window covers along an axis. */
function under(axis: Axis, position: number): number[] {
  return Array.from({ length: axis.size }, (_, tap) => inputUnder(axis, position, tap)).filter((index) => index >= 0);
}
