import { Philox } from '#lib/util/philox.js';
import {
  type AxisWindows,
  adaptiveWindows,
  type PooledPlanes,
  type SlidingAxis,
  slidingWindows,
} from './reference/pooling-windows.js';
import { pick } from './values.js';

/** A pooling with sliding windows, both axes drawn for themselves. */
export interface SlidingCase {
  readonly channels: number;
  readonly samples: number;
  readonly axes: readonly [SlidingAxis, SlidingAxis];
}

/** A pooling to bins. */
export interface AdaptiveCase {
  readonly channels: number;
  readonly samples: number;
  readonly image: readonly [number, number];
  readonly outputSize: readonly [number, number];
}

const SAMPLES = [1, 3, 8, 16, 17, 33];

function drawAxis(random: Philox, ceilMode: boolean, countIncludePad: boolean, most: number): SlidingAxis {
  const size = 1 + random.nextInt(4);
  const dilation = 1 + random.nextInt(most);
  const span = (size - 1) * dilation + 1;
  const [before, after] = [random.nextInt(span), random.nextInt(span)];
  const input = 1 + random.nextInt(9);
  return { input, size, dilation, before, after, stride: 1 + random.nextInt(4), ceilMode, countIncludePad };
}

function* drawCases(seed: number, mostDilation: number): Generator<SlidingCase> {
  const random = new Philox(seed);
  for (;;) {
    const [ceilMode, countIncludePad] = [random.nextInt(2) === 0, random.nextInt(2) === 0];
    const axis = () => drawAxis(random, ceilMode, countIncludePad, mostDilation);
    yield { axes: [axis(), axis()], channels: 1 + random.nextInt(4), samples: pick(random, SAMPLES) };
  }
}

/** Windows of every kind, also such as hold nothing of the image. */
export function anySlidingCases(count: number, seed: number): SlidingCase[] {
  return firstOf(drawCases(seed, 3), count, () => true);
}

/** Windows of every kind that each hold a value of the image. */
export function slidingCases(count: number, seed: number, mostDilation: number): SlidingCase[] {
  return firstOf(drawCases(seed, mostDilation), count, ({ axes }) =>
    axes.map(slidingWindows).every(({ taken }) => taken.length > 0 && taken.every(({ length }) => length > 0)),
  );
}

function firstOf<T>(all: Iterable<T>, count: number, isWanted: (one: T) => boolean): T[] {
  const found: T[] = [];
  for (const one of all) {
    if (isWanted(one)) found.push(one);
    if (found.length === count) break;
  }
  return found;
}

/** Bins that divide the image, that overlap, and more of them than it has rows. */
export function adaptiveCases(count: number, seed: number): AdaptiveCase[] {
  const random = new Philox(seed);
  const sizes = () => [1 + random.nextInt(9), 1 + random.nextInt(9)] as const;
  return Array.from({ length: count }, () => ({
    ...{ channels: 1 + random.nextInt(4), samples: pick(random, SAMPLES) },
    ...{ image: sizes(), outputSize: sizes() },
  }));
}

export function windowsOfCase(spec: SlidingCase | AdaptiveCase): PooledPlanes {
  const planes = spec.samples * spec.channels;
  const [rows, columns] =
    'axes' in spec
      ? spec.axes.map(slidingWindows)
      : ([0, 1] as const).map((axis) => adaptiveWindows(spec.image[axis], spec.outputSize[axis]));
  return { planes, rows: rows as AxisWindows, columns: columns as AxisWindows };
}

/** What a native call is told of the case. */
export function attributesOf(spec: SlidingCase | AdaptiveCase): Record<string, number | string> {
  const { rows, columns } = windowsOfCase(spec);
  const sizes = {
    ...{ channels: spec.channels, height: rows.input, width: columns.input },
    ...{ outputHeight: rows.taken.length, outputWidth: columns.taken.length },
  };
  if (!('axes' in spec)) return { ...sizes, windows: 'adaptive' };
  const [row, column] = spec.axes;
  return {
    ...{ ...sizes, windows: 'sliding', poolHeight: row.size, poolWidth: column.size },
    ...{ strideHeight: row.stride, strideWidth: column.stride },
    ...{ dilationHeight: row.dilation, dilationWidth: column.dilation },
    ...{ padTop: row.before, padBottom: row.after, padLeft: column.before, padRight: column.after },
    countPadding: row.countIncludePad ? 1 : 0,
  };
}
