import { at, type Numbers } from '../values.js';
import { type Axis, inputUnder, positions } from './sliding.js';

/** x `[N, C, H, W]`, w `[K, C / groups, R, S]`, y `[N, K, OH, OW]`. */
export interface ConvolutionShape {
  readonly samples: number;
  readonly channels: number;
  readonly filters: number;
  readonly rows: Axis;
  readonly columns: Axis;
  /** 1 unless given. */
  readonly groups?: number;
}

/** `y[n, k, i, j] = b[k] + sum over c, r, s of w[k, c, r, s] x[n, c, i stride + r dilation - padding, j stride + s dilation - padding]`. */
export function convolution(shape: ConvolutionShape, x: Numbers, w: Numbers, b: Numbers | undefined): Float64Array {
  const y = new Float64Array(outputSize(shape));
  if (b) {
    const plane = y.length / shape.samples / shape.filters;
    for (let i = 0; i < y.length; i++) y[i] = at(b, Math.floor(i / plane) % shape.filters);
  }
  eachProduct(shape, (iy, ix, iw) => {
    y[iy] = at(y, iy) + at(x, ix) * at(w, iw);
  });
  return y;
}

/** Gradients of a sum over dy y: every product of the definition gives a term to each of its factors. */
export function convolutionGradients(shape: ConvolutionShape, dy: Numbers, x: Numbers, w: Numbers) {
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const db = new Float64Array(shape.filters);
  eachProduct(shape, (iy, ix, iw) => {
    dx[ix] = at(dx, ix) + at(dy, iy) * at(w, iw);
    dw[iw] = at(dw, iw) + at(dy, iy) * at(x, ix);
  });
  const plane = dy.length / shape.samples / shape.filters;
  for (let i = 0; i < dy.length; i++) {
    const k = Math.floor(i / plane) % shape.filters;
    db[k] = at(db, k) + at(dy, i);
  }
  return { dx, dw, db };
}

export function outputSize({ samples, filters, rows, columns }: ConvolutionShape): number {
  return samples * filters * positions(rows) * positions(columns);
}

/** Visits every product of the definition: indices into y, x and w. */
function eachProduct(
  { samples, channels, filters, rows, columns, groups = 1 }: ConvolutionShape,
  visit: (iy: number, ix: number, iw: number) => void,
): void {
  const [height, width] = [positions(rows), positions(columns)];
  const [inputs, outputs] = [channels / groups, filters / groups];
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < filters; k++) {
      for (let i = 0; i < height; i++) {
        for (let j = 0; j < width; j++) {
          const iy = ((n * filters + k) * height + i) * width + j;
          for (let c = 0; c < inputs; c++) {
            const channel = Math.floor(k / outputs) * inputs + c;
            for (let r = 0; r < rows.size; r++) {
              const row = inputUnder(rows, i, r);
              if (row < 0) continue;
              for (let s = 0; s < columns.size; s++) {
                const column = inputUnder(columns, j, s);
                if (column < 0) continue;
                const ix = ((n * channels + channel) * rows.input + row) * columns.input + column;
                visit(iy, ix, ((k * inputs + c) * rows.size + r) * columns.size + s);
              }
            }
          }
        }
      }
    }
  }
}
