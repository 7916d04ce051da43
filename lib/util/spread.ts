/** Mean and spread of a number over runs. */
export interface Spread {
  readonly mean: number;
  /** Of a sample: divided by one less than there are runs. Null for a single run. */
  readonly deviation: number | null;
  readonly min: number;
  readonly max: number;
}

/** Nothing for no values. */
export function spreadOf(values: readonly number[]): Spread | undefined {
  const count = values.length;
  if (count === 0) return undefined;
  const mean = values.reduce((sum, value) => sum + value, 0) / count;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    mean,
    deviation: count === 1 ? null : Math.sqrt(squares / (count - 1)),
    min: Math.min(...values),
    max: Math.max(...values),
  };
}
