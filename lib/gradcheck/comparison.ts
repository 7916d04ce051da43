import type { Shape } from '../util/shape.js';
import type { Differences } from './central-differences.js';

/** Largest errors that pass, as a part of the tensor's largest slope. */
export const TOLERANCE = { float32: 1e-3, float64: 1e-5 } as const;

/**
 * Gradients that cancel to nothing, as of a bias before a batch normalisation, are in float32 what rounding leaves of the
 * gradients around: an error is a part of no less than this part of the model's largest slope.
 */
const FLOAT_SCALE = 1e-2;

/** The element of a tensor where two gradients differ most. */
export interface WorstElement {
  /** A number for each axis. */
  readonly index: readonly number[];
  readonly ours: number;
  readonly numeric: number;
  /** `|ours - numeric|` as a part of the tensor's largest slope; in float32, of at least a hundredth of the model's largest. */
  readonly error: number;
}

/** How the gradient of a tensor compares. */
export interface TensorCheck {
  /** Of a parameter, such as `conv2d/kernel`, or of an input. */
  readonly name: string;
  /** Of an input with the samples in front. */
  readonly shape: Shape;
  /** Elements compared. */
  readonly compared: number;
  /** Elements left out, for a kink is too close. */
  readonly kinks: number;
  /** Of the float32 kernels in use, and of double precision; `null` where nothing was compared. */
  readonly float32: WorstElement | null;
  readonly float64: WorstElement | null;
  readonly passed: boolean;
}

export interface ComparedTensor {
  readonly shape: Shape;
  readonly differences: Differences;
  readonly float32: ArrayLike<number>;
  readonly float64: ArrayLike<number>;
}

/** @param smallest slope that differences can tell, @param largest slope of all tensors */
export function compareTensor(tensor: ComparedTensor, smallest: number, largest: number): TensorCheck {
  const { shape, differences } = tensor;
  const { name, elements, slopes, kinked } = differences;
  const smooth = elements.map((_, i) => i).filter((i) => !kinked[i]);
  const own = smooth.reduce((most, i) => Math.max(most, Math.abs(slopes[i] ?? 0)), smallest);
  const worst = (gradient: ArrayLike<number>, scale: number): WorstElement | null =>
    smooth
      .map((i) => {
        const element = elements[i] as number;
        const [ours, numeric] = [gradient[element] ?? Number.NaN, slopes[i] ?? Number.NaN];
        const error = Math.abs(ours - numeric) / scale;
        return { index: indexOf(element, shape), ours, numeric, error: Number.isNaN(error) ? Infinity : error };
      })
      .reduce<WorstElement | null>((most, one) => (most && most.error >= one.error ? most : one), null);
  const float32 = worst(tensor.float32, Math.max(own, FLOAT_SCALE * largest));
  const float64 = worst(tensor.float64, own);
  const passed = (float32?.error ?? 0) <= TOLERANCE.float32 && (float64?.error ?? 0) <= TOLERANCE.float64;
  return { name, shape, compared: smooth.length, kinks: elements.length - smooth.length, float32, float64, passed };
}

/** The place of a flat index. */
function indexOf(element: number, shape: Shape): number[] {
  let rest = element;
  return [...shape]
    .reverse()
    .map((size) => {
      const place = rest % size;
      rest = Math.floor(rest / size);
      return place;
    })
    .reverse();
}
