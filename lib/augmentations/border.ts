import { InvalidArgumentError } from '../errors/index.js';
import { checkChoice } from '../util/check.js';
import { describe } from '../util/describe.js';
import type { ImageInput } from './augmentation.js';

/**
 * What is filled in. `zero`: the raw pixel 0, black before any normalisation. `mean`: the raw pixel that the model's input
 * options turn into 0 (`mean / scale`; 0 for `Float32Array` sets, which are not normalised). `constant`: `value`.
 */
export type FillMode = 'zero' | 'mean' | 'constant';

/** The same, or what lies beyond the edges of an image: its nearest pixel, or the image mirrored about its outermost pixels. */
export type BorderMode = FillMode | 'edge' | 'reflect';

/** The value of pixels that come from nowhere. */
export interface FillOptions {
  /**
   * What is filled in: `zero` (the raw pixel 0), `mean` (what the model's input options normalise to 0) or `constant`.
   * @default 'zero'
   */
  mode?: FillMode;
  /**
   * For `constant`: a raw pixel, or one for each channel. Rounded to 0..255 for `Uint8Array` sets where pixels are only moved.
   */
  value?: number | readonly number[];
}

/** What is beyond the border of an image. */
export interface BorderOptions {
  /**
   * What lies beyond the edges: `zero` (the raw pixel 0), `mean` (what the model's input options normalise to 0), `constant`,
   * `edge` (the nearest pixel) or `reflect` (the image mirrored about its outermost pixels, which are not repeated).
   * @default 'zero'
   */
  mode?: BorderMode;
  /**
   * For `constant`: a raw pixel, or one for each channel. Rounded to 0..255 for `Uint8Array` sets.
   */
  value?: number | readonly number[];
}

/** Options checked. */
export interface Fill {
  readonly mode: BorderMode;
  readonly value: readonly number[];
}

const FILLS: readonly BorderMode[] = ['zero', 'mean', 'constant'];

/** @throws InvalidArgumentError unless mode and value are what they should be, and agree */
export function checkFill(who: string, options: BorderOptions, beyondEdges: boolean): Fill {
  const modes: readonly BorderMode[] = beyondEdges ? [...FILLS, 'edge', 'reflect'] : FILLS;
  const { mode = 'zero', value } = options;
  checkChoice(who, 'mode', mode, modes);
  if (mode !== 'constant') {
    if (value === undefined) return { mode, value: [] };
    throw new InvalidArgumentError(
      `${who}: expected mode: 'constant' beside value, received '${mode}'. Leave one of them out.`,
    );
  }
  const values: unknown[] = Array.isArray(value) ? [...value] : [value];
  if (values.length > 0 && values.every((one) => typeof one === 'number' && Number.isFinite(Math.fround(one)))) {
    return { mode, value: values as number[] };
  }
  throw new InvalidArgumentError(
    `${who}: expected a number, or one for each channel, for value beside mode: 'constant', received ${describe(value)}.`,
  );
}

/** Mode and value as plain data, without a value where there is none. */
export function fillConfig({ mode, value }: Fill): Record<string, unknown> {
  return mode === 'constant' ? { mode, value: value.length === 1 ? value[0] : value } : { mode };
}

/** What is filled in, for each channel of samples of bytes and of floats. */
export function fillValues(
  who: string,
  { mode, value }: Fill,
  image: ImageInput,
): { bytes: number[]; floats: number[] } {
  const { channels, means } = image;
  if (mode === 'constant' && value.length !== 1 && value.length !== channels) {
    throw new InvalidArgumentError(
      `${who}: expected a number, or ${channels} (one for each channel), for value, received ${value.length}.`,
    );
  }
  const each = (of: (channel: number) => number) => Array.from({ length: channels }, (_, c) => of(c));
  const constant = (c: number) => (mode === 'constant' ? (value[value.length === 1 ? 0 : c] as number) : 0);
  const raw = (c: number) => (mode === 'mean' ? (means[c] ?? 0) : constant(c));
  return { bytes: each((c) => Math.min(255, Math.max(0, Math.round(raw(c))))), floats: each(constant) };
}

/** Numbers of the borders of native code. */
export function borderNumber({ mode }: Fill): number {
  return mode === 'edge' ? 1 : mode === 'reflect' ? 2 : 0;
}
