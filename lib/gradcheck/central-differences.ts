/** Exact when added to float32 values near 1, and small enough that few steps cross a kink of relu or max pooling. */
export const STEP = 2 ** -20;

/**
 * A step crosses a kink where the slopes on its two sides differ by more than this part of the tensor's largest slope.
 * What a kink adds to a central difference is at most half of that; a smooth curve's slopes differ by far less.
 */
const KINK = 1e-4;

/** Central differences of a loss in some elements of a tensor. */
export interface Differences {
  readonly name: string;
  /** Indices of the elements tried. */
  readonly elements: readonly number[];
  readonly slopes: Float64Array;
  /** Whether the element's step crossed a kink, so that its slope means nothing. */
  readonly kinked: readonly boolean[];
}

/**
 * Slopes `(up - down) / (2 step)` from the losses at the point itself and one step up and down in each element. Of a
 * tensor whose slopes are all below `smallest`, differences as of rounding are no kinks.
 */
export function centralDifferences(
  name: string,
  elements: readonly number[],
  middle: (i: number) => number,
  up: ArrayLike<number>,
  down: ArrayLike<number>,
  step = STEP,
  smallest = 0,
): Differences {
  const slopes = Float64Array.from(elements, (_, i) => (at(up, i) - at(down, i)) / (2 * step));
  const largest = slopes.reduce((most, slope) => Math.max(most, Math.abs(slope)), smallest);
  const kinked = elements.map((_, i) => {
    const bend = Math.abs((at(up, i) - middle(i) - (middle(i) - at(down, i))) / step);
    return bend > KINK * largest;
  });
  return { name, elements, slopes, kinked };
}

/** Differences of a loss in elements of an array: two losses for each, one after another. */
export async function differentiate(
  name: string,
  values: ArrayLike<number>,
  elements: readonly number[],
  lossOf: (changed: Float64Array) => Promise<number>,
  middle: number,
  smallest = 0,
): Promise<Differences> {
  const lossAt = (element: number, change: number) => {
    const changed = Float64Array.from(values);
    changed[element] = at(changed, element) + change;
    return lossOf(changed);
  };
  const up: number[] = [];
  const down: number[] = [];
  for (const element of elements) {
    up.push(await lossAt(element, STEP));
    down.push(await lossAt(element, -STEP));
  }
  return centralDifferences(name, elements, () => middle, up, down, STEP, smallest);
}

function at(values: ArrayLike<number>, index: number): number {
  const value = values[index];
  if (value === undefined) throw new RangeError(`cnnative: no element ${index} of ${values.length}`);
  return value;
}
