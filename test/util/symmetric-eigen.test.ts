import test from 'ava';
import { Philox } from '#lib/util/philox.js';
import { symmetricEigen } from '#lib/util/symmetric-eigen.js';
import { at } from '../helpers/values.js';

/** Products of random rows, of which only `rank` differ from zero. */
function randomSymmetric(n: number, rank: number, seed: number): Float64Array {
  const random = new Philox(seed);
  const rows = Float64Array.from({ length: n * rank }, () => random.nextNormal());
  return Float64Array.from({ length: n * n }, (_, ij) => {
    const [i, j] = [Math.floor(ij / n), ij % n];
    let sum = 0;
    for (let k = 0; k < rank; k++) sum += at(rows, Math.min(i, j) * rank + k) * at(rows, Math.max(i, j) * rank + k);
    return sum;
  });
}

test('eigenvectors are orthonormal and solve A v = lambda v to the precision of doubles', (t) => {
  for (const [n, rank] of [
    [1, 1],
    [2, 2],
    [12, 12],
    [12, 5],
    [27, 40],
    [75, 75],
  ] as const) {
    const matrix = randomSymmetric(n, rank, 3 + n);
    const before = Float64Array.from(matrix);
    const { values, vectors } = symmetricEigen(matrix, n);
    t.deepEqual(matrix, before, 'the matrix itself stays as it is');
    const largest = at(values, 0);
    for (let k = 0; k < n; k++) {
      if (k > 0) t.true(at(values, k) <= at(values, k - 1));
      if (k >= rank) t.true(Math.abs(at(values, k)) < 1e-13 * largest, `${n}: ${at(values, k)} beyond the rank`);
      for (let i = 0; i < n; i++) {
        let image = 0;
        let product = 0;
        for (let j = 0; j < n; j++) {
          image += at(matrix, i * n + j) * at(vectors, k * n + j);
          product += at(vectors, i * n + j) * at(vectors, k * n + j);
        }
        t.true(Math.abs(image - at(values, k) * at(vectors, k * n + i)) < 1e-13 * largest, `${n}: A v of ${k}`);
        t.true(Math.abs(product - (i === k ? 1 : 0)) < 1e-13, `${n}: vectors ${i} and ${k}: ${product}`);
      }
    }
  }
});

test('eigenvalues that are known: of a diagonal, of equal ones, of the second difference', (t) => {
  t.deepEqual([...symmetricEigen(Float64Array.of(1, 0, 0, 0, 5, 0, 0, 0, -2), 3).values], [5, 1, -2]);
  t.deepEqual([...symmetricEigen(Float64Array.of(0, 0, 0, 0), 2).values], [0, 0]);
  t.deepEqual([...symmetricEigen(Float64Array.of(2, 0, 0, 2), 2).vectors], [1, 0, 0, 1]);
  const n = 20;
  const second = Float64Array.from({ length: n * n }, (_, ij) => {
    const distance = Math.abs(Math.floor(ij / n) - (ij % n));
    return distance === 0 ? 2 : distance === 1 ? -1 : 0;
  });
  const { values } = symmetricEigen(second, n);
  for (let k = 0; k < n; k++) {
    // 2 - 2 cos(pi j / (n + 1)), j = n first.
    const expected = 2 - 2 * Math.cos((Math.PI * (n - k)) / (n + 1));
    t.true(Math.abs(at(values, k) - expected) < 1e-13, `${k}: ${at(values, k)}, not ${expected}`);
  }
});
