import { type ConvolutionShape, outputSize } from './convolution.js';
import { type Axis, inputUnder, positions, tapOffset } from './sliding.js';

/** Every value beside the sum of the absolute products it is made of: what rounding errors are measured by. */
export interface Sums {
  readonly value: Float64Array;
  readonly products: Float64Array;
}

/**
 * A convolution in groups by its definition, and the gradients of the sum over dy y: x `[N, C, H, W]`, w `[K, C / groups,
 * R, S]`, y and dy `[N, K, OH, OW]`. One walk over all products, a row of outputs at a time: large shapes take little time.
 */
export function groupedConvolution(
  shape: ConvolutionShape,
  groups: number,
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
) {
  const { samples, channels, filters, rows, columns } = shape;
  const [height, width] = [positions(rows), positions(columns)];
  const [inputs, outputs] = [channels / groups, filters / groups];
  const [y, dx, dw] = [sums(outputSize(shape)), sums(x.length), sums(w.length)];
  const spans = Array.from({ length: columns.size }, (_, s) => spanOf(columns, s, width));
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < filters; k++) {
      const firstPlane = n * channels + Math.floor(k / outputs) * inputs;
      for (let c = 0; c < inputs; c++) {
        for (let r = 0; r < rows.size; r++) {
          for (let i = 0; i < height; i++) {
            const row = inputUnder(rows, i, r);
            if (row < 0) continue;
            const fromX = ((firstPlane + c) * rows.input + row) * columns.input - columns.before;
            const fromY = ((n * filters + k) * height + i) * width;
            spans.forEach(({ first, last }, s) => {
              const iw = ((k * inputs + c) * rows.size + r) * columns.size + s;
              multiplyRow(y, dx, dw, x, w, dy, fromX + tapOffset(columns, s), columns.stride, fromY, iw, first, last);
            });
          }
        }
      }
    }
  }
  return { y, dx, dw };
}

function sums(size: number): Sums {
  return { value: new Float64Array(size), products: new Float64Array(size) };
}

/** The output columns whose tap is inside the image. */
function spanOf(axis: Axis, tap: number, width: number): { first: number; last: number } {
  const inside = Array.from({ length: width }, (_, j) => inputUnder(axis, j, tap) >= 0);
  return inside.includes(true)
    ? { first: inside.indexOf(true), last: inside.lastIndexOf(true) + 1 }
    : { first: 0, last: 0 };
}

/** What one weight and one row of outputs give to all three results: the loop all the time goes into. */
function multiplyRow(
  { value: y, products: yProducts }: Sums,
  { value: dx, products: dxProducts }: Sums,
  { value: dw, products: dwProducts }: Sums,
  x: Float32Array,
  w: Float32Array,
  dy: Float32Array,
  fromX: number,
  stride: number,
  fromY: number,
  iw: number,
  first: number,
  last: number,
): void {
  const weight = w[iw] as number;
  let gradient = 0;
  let gradientProducts = 0;
  for (let j = first; j < last; j++) {
    const ix = fromX + j * stride;
    const iy = fromY + j;
    const forward = weight * (x[ix] as number);
    const backward = weight * (dy[iy] as number);
    const product = (x[ix] as number) * (dy[iy] as number);
    (y[iy] as number) += forward;
    (yProducts[iy] as number) += Math.abs(forward);
    (dx[ix] as number) += backward;
    (dxProducts[ix] as number) += Math.abs(backward);
    gradient += product;
    gradientProducts += Math.abs(product);
  }
  (dw[iw] as number) += gradient;
  (dwProducts[iw] as number) += gradientProducts;
}
