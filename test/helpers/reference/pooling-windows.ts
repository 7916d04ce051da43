import { at, type Numbers } from '../values.js';

/** The windows of pooling along one axis: the positions of the image each takes, and how many a mean divides by. */
export interface AxisWindows {
  readonly input: number;
  readonly taken: readonly (readonly number[])[];
  readonly counted: readonly number[];
}

export interface SlidingAxis {
  readonly input: number;
  readonly size: number;
  readonly stride: number;
  readonly dilation: number;
  readonly before: number;
  readonly after: number;
  readonly ceilMode: boolean;
  readonly countIncludePad: boolean;
}

/**
 * Windows from the first padded position on, one a stride, while they fit; with `ceilMode` one more that reaches beyond the
 * end by less than a stride, if it begins inside the image or the padding before it.
 */
export function slidingWindows(axis: SlidingAxis): AxisWindows {
  const { input, size, stride, dilation, before, after, ceilMode, countIncludePad } = axis;
  const padded = before + input + after;
  const span = (size - 1) * dilation + 1;
  const taken: number[][] = [];
  const counted: number[] = [];
  for (let start = 0; ; start += stride) {
    const beyond = start + span - padded;
    if (beyond > 0 && !(ceilMode && beyond < stride && start < before + input)) break;
    const taps = Array.from({ length: size }, (_, tap) => start + tap * dilation);
    const inside = taps.map((tap) => tap - before).filter((position) => position >= 0 && position < input);
    taken.push(inside);
    counted.push(countIncludePad ? taps.filter((tap) => tap < padded).length : inside.length);
  }
  return { input, taken, counted };
}

/** Bins `floor(i * in / out)` to `ceil((i + 1) * in / out)`. */
export function adaptiveWindows(input: number, output: number): AxisWindows {
  const taken = Array.from({ length: output }, (_, i) => {
    const positions = Array.from({ length: input }, (_, position) => position);
    return positions.filter((p) => p >= Math.floor((i * input) / output) && p < Math.ceil(((i + 1) * input) / output));
  });
  return { input, taken, counted: taken.map(({ length }) => length) };
}

export interface PooledPlanes {
  /** Samples and channels alike. */
  readonly planes: number;
  readonly rows: AxisWindows;
  readonly columns: AxisWindows;
}

export interface Pooled {
  readonly y: Float64Array;
  readonly dx: Float64Array;
  /** Sums of the magnitudes that y and dx were added up from. */
  readonly sizes: { readonly y: Float64Array; readonly dx: Float64Array };
}

interface Window {
  /** Indices into x, row by row. */
  readonly inputs: readonly number[];
  readonly counted: number;
}

function windowsOf({ planes, rows, columns }: PooledPlanes): Window[] {
  const windows: Window[] = [];
  for (let plane = 0; plane < planes; plane++) {
    for (const [i, ys] of rows.taken.entries()) {
      for (const [j, xs] of columns.taken.entries()) {
        const inputs = ys.flatMap((y) => xs.map((x) => (plane * rows.input + y) * columns.input + x));
        windows.push({ inputs, counted: at(rows.counted, i) * at(columns.counted, j) });
      }
    }
  }
  return windows;
}

/** Sums over windows by what they count, each dy in equal shares. */
export function meansOf(shape: PooledPlanes, x: Numbers, dy: Numbers): Pooled {
  const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
  const sizes = { y: new Float64Array(dy.length), dx: new Float64Array(x.length) };
  for (const [output, { inputs, counted }] of windowsOf(shape).entries()) {
    for (const input of inputs) {
      add(y, output, at(x, input) / counted);
      add(sizes.y, output, Math.abs(at(x, input)) / counted);
      add(dx, input, at(dy, output) / counted);
      add(sizes.dx, input, Math.abs(at(dy, output)) / counted);
    }
  }
  return { y, dx, sizes };
}

/** The first largest of each window, NaN before all, and each dy to it. */
export function largestOf(shape: PooledPlanes, x: Numbers, dy: Numbers): Pooled {
  const [y, dx] = [new Float64Array(dy.length), new Float64Array(x.length)];
  const sizes = { y, dx: new Float64Array(x.length) };
  for (const [output, { inputs }] of windowsOf(shape).entries()) {
    const values = inputs.map((input) => at(x, input));
    const largest = values.some(Number.isNaN) ? Number.NaN : Math.max(...values);
    const winner = inputs[values.findIndex((value) => value === largest || Number.isNaN(value))] ?? -1;
    y[output] = at(x, winner);
    add(dx, winner, at(dy, output));
    add(sizes.dx, winner, Math.abs(at(dy, output)));
  }
  return { y, dx, sizes };
}

function add(sums: Float64Array, index: number, value: number): void {
  sums[index] = at(sums, index) + value;
}
