import { at, type Numbers } from '../values.js';
import { type Axis, inputUnder, positions } from './sliding.js';

/** x `[planes, H, W]`, y `[planes, OH, OW]`: samples and channels alike. */
export interface PoolingShape {
  readonly planes: number;
  readonly rows: Axis;
  readonly columns: Axis;
}

/** The largest of each window, NaN where it holds one, and the index of the element of x that gave it: the first such. */
export function maxPooling(
  { planes, rows, columns }: PoolingShape,
  x: Numbers,
): { y: Float64Array; winners: number[] } {
  const winners: number[] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (let i = 0; i < positions(rows); i++) {
      for (let j = 0; j < positions(columns); j++) {
        let winner = -1;
        for (let r = 0; r < rows.size; r++) {
          for (let s = 0; s < columns.size; s++) {
            const [row, column] = [inputUnder(rows, i, r), inputUnder(columns, j, s)];
            if (row < 0 || column < 0) continue;
            const index = (plane * rows.input + row) * columns.input + column;
            if (winner < 0 || beats(at(x, index), at(x, winner))) winner = index;
          }
        }
        winners.push(winner);
      }
    }
  }
  return { y: Float64Array.from(winners, (winner) => at(x, winner)), winners };
}

/** Each dy goes to its window's winner. */
export function maxPoolingGradient(dy: Numbers, winners: readonly number[], inputs: number): Float64Array {
  const dx = new Float64Array(inputs);
  winners.forEach((winner, i) => {
    dx[winner] = at(dx, winner) + at(dy, i);
  });
  return dx;
}

function beats(value: number, best: number): boolean {
  return value > best || (Number.isNaN(value) && !Number.isNaN(best));
}
