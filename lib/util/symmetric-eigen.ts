/** Eigenvalues, largest first, and eigenvectors of length 1, row k that of value k. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  /** `[n, n]`. */
  readonly vectors: Float64Array;
}

/** Sweeps converge quadratically: matrices of a few hundred rows take less than ten. */
const MOST_SWEEPS = 100;

/**
 * Eigenvalues and eigenvectors of a symmetric matrix `[n, n]` by Jacobi's method: rotations, each of which makes one element beside the
 * diagonal zero, in sweeps over all of them (Golub and Van Loan, "Matrix Computations", 8.5).
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  for (let sweep = 0; sweep < MOST_SWEEPS && offDiagonal(a, n) > 0; sweep++) {
    for (let p = 0; p < n; p++) {
      for (let q = p + 1; q < n; q++) rotate(a, v, n, p, q);
    }
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => at(a, j * n + j) - at(a, i * n + i));
  const vectors = new Float64Array(n * n);
  order.forEach((from, k) => {
    vectors.set(v.subarray(from * n, (from + 1) * n), k * n);
  });
  return { values: Float64Array.from(order, (i) => at(a, i * n + i)), vectors };
}

/** Makes `a[p, q]` zero, and turns rows p and q of the eigenvectors likewise. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const apq = at(a, p * n + q);
  const [app, aqq] = [at(a, p * n + p), at(a, q * n + q)];
  // Too small to change either value: zero, as far as doubles can tell.
  if (app + Math.abs(apq) === app && aqq + Math.abs(apq) === aqq) {
    a[p * n + q] = 0;
    a[q * n + p] = 0;
    return;
  }
  const theta = (aqq - app) / (2 * apq);
  const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.hypot(theta, 1));
  const cos = 1 / Math.hypot(t, 1);
  const sin = t * cos;
  for (let k = 0; k < n; k++) {
    const [akp, akq] = [at(a, k * n + p), at(a, k * n + q)];
    a[k * n + p] = cos * akp - sin * akq;
    a[k * n + q] = sin * akp + cos * akq;
  }
  for (const rows of [a, v]) {
    for (let k = 0; k < n; k++) {
      const [rpk, rqk] = [at(rows, p * n + k), at(rows, q * n + k)];
      rows[p * n + k] = cos * rpk - sin * rqk;
      rows[q * n + k] = sin * rpk + cos * rqk;
    }
  }
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

/** Largest element beside the diagonal. */
function offDiagonal(a: Float64Array, n: number): number {
  let largest = 0;
  for (let i = 0; i < n; i++) {
    for (let j = i + 1; j < n; j++) largest = Math.max(largest, Math.abs(at(a, i * n + j)));
  }
  return largest;
}

function at(values: Float64Array, i: number): number {
  return values[i] as number;
}
