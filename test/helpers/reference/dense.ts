import { at, type Numbers } from '../values.js';

/** x `[N, C]`, w `[K, C]`, y `[N, K]`. */
export interface DenseShape {
  readonly samples: number;
  readonly inputs: number;
  readonly units: number;
}

/** `y[n, k] = b[k] + sum over c of w[k, c] x[n, c]`. */
export function dense({ samples, inputs, units }: DenseShape, x: Numbers, w: Numbers, b?: Numbers): Float64Array {
  const y = new Float64Array(samples * units);
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < units; k++) {
      let sum = b ? at(b, k) : 0;
      for (let c = 0; c < inputs; c++) sum += at(w, k * inputs + c) * at(x, n * inputs + c);
      y[n * units + k] = sum;
    }
  }
  return y;
}

/** Gradients of a sum over dy y. */
export function denseGradients({ samples, inputs, units }: DenseShape, dy: Numbers, x: Numbers, w: Numbers) {
  const dx = new Float64Array(samples * inputs);
  const dw = new Float64Array(units * inputs);
  const db = new Float64Array(units);
  for (let n = 0; n < samples; n++) {
    for (let k = 0; k < units; k++) {
      const gradient = at(dy, n * units + k);
      db[k] = at(db, k) + gradient;
      for (let c = 0; c < inputs; c++) {
        dx[n * inputs + c] = at(dx, n * inputs + c) + gradient * at(w, k * inputs + c);
        dw[k * inputs + c] = at(dw, k * inputs + c) + gradient * at(x, n * inputs + c);
      }
    }
  }
  return { dx, dw, db };
}
