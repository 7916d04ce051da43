import { at, type Numbers } from '../values.js';

/** One axis of a transposed convolution. */
export interface TransposedAxis {
  readonly input: number;
  readonly output: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  /** Rows or columns cut off before the first. */
  readonly before: number;
}

/** x `[N, C, H, W]`, w `[C, K / groups, R, S]`, y `[N, K, OH, OW]`. */
export interface TransposedShape {
  readonly samples: number;
  readonly channels: number;
  readonly filters: number;
  readonly groups: number;
  readonly rows: TransposedAxis;
  readonly columns: TransposedAxis;
}

/** Each pixel of x adds the kernel, times its value, to y from `strides` times its place on; what lies outside of y is lost. */
export function transposedConvolution(
  shape: TransposedShape,
  x: Numbers,
  w: Numbers,
  b: Numbers | undefined,
): Float64Array {
  const { samples, filters, rows, columns } = shape;
  const plane = rows.output * columns.output;
  const y = Float64Array.from({ length: samples * filters * plane }, (_, i) =>
    b ? at(b, Math.floor(i / plane) % filters) : 0,
  );
  eachProduct(shape, (iy, ix, iw) => {
    y[iy] = at(y, iy) + at(x, ix) * at(w, iw);
  });
  return y;
}

/** Gradients of a sum over dy y: every product of the definition gives a term to each of its factors. */
export function transposedGradients(shape: TransposedShape, dy: Numbers, x: Numbers, w: Numbers) {
  const dx = new Float64Array(x.length);
  const dw = new Float64Array(w.length);
  const db = new Float64Array(shape.filters);
  eachProduct(shape, (iy, ix, iw) => {
    dx[ix] = at(dx, ix) + at(dy, iy) * at(w, iw);
    dw[iw] = at(dw, iw) + at(dy, iy) * at(x, ix);
  });
  const plane = shape.rows.output * shape.columns.output;
  for (let i = 0; i < dy.length; i++) {
    const k = Math.floor(i / plane) % shape.filters;
    db[k] = at(db, k) + at(dy, i);
  }
  return { dx, dw, db };
}

/** Visits every product of the definition: indices into y, x and w. */
function eachProduct(
  { samples, channels, filters, groups, rows, columns }: TransposedShape,
  visit: (iy: number, ix: number, iw: number) => void,
): void {
  const [inputs, outputs] = [channels / groups, filters / groups];
  const reached = (axis: TransposedAxis, i: number, tap: number) => i * axis.stride + tap * axis.dilation - axis.before;
  for (let n = 0; n < samples; n++) {
    for (let c = 0; c < channels; c++) {
      const firstFilter = Math.floor(c / inputs) * outputs;
      for (let i = 0; i < rows.input; i++) {
        for (let j = 0; j < columns.input; j++) {
          const ix = ((n * channels + c) * rows.input + i) * columns.input + j;
          for (let k = 0; k < outputs; k++) {
            for (let r = 0; r < rows.size; r++) {
              const row = reached(rows, i, r);
              if (row < 0 || row >= rows.output) continue;
              for (let s = 0; s < columns.size; s++) {
                const column = reached(columns, j, s);
                if (column < 0 || column >= columns.output) continue;
                const iy = ((n * filters + firstFilter + k) * rows.output + row) * columns.output + column;
                visit(iy, ix, ((c * outputs + k) * rows.size + r) * columns.size + s);
              }
            }
          }
        }
      }
    }
  }
}
