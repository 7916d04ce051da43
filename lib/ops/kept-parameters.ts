import type { Shape } from '../util/shape.js';

/** Shapes of the parameters given, by name. */
export type ShapesByName = Readonly<Record<string, Shape>>;

/** What the op of a layer with parameters is given beside the layer's options. */
export interface KeptParameters {
  /** Names and shapes as messages show them. */
  readonly required: Readonly<Record<string, string>>;
  readonly optional: Readonly<Record<string, string>>;
  /** Options of the layer that are not given, for they follow from the parameters. */
  readonly follow: readonly string[];
  /** Those options. */
  options(shapes: ShapesByName): Record<string, unknown>;
}

/**
 * Layers with parameters. A layer without parameters needs no entry, one with parameters this one: its op is whole then.
 * Parameters that are not trained and not given are as in a new layer.
 */
export const keptParameters = {
  conv2d: {
    required: { kernel: '[filters, C / groups, R, S]' },
    optional: { bias: '[filters]' },
    follow: ['filters', 'kernelSize', 'useBias'],
    options: ({ kernel = [], bias }: ShapesByName) => ({
      filters: kernel[0],
      kernelSize: kernel.slice(2),
      useBias: bias !== undefined,
    }),
  },
  dense: {
    required: { kernel: '[units, features]' },
    optional: { bias: '[units]' },
    follow: ['units', 'useBias'],
    options: ({ kernel = [], bias }: ShapesByName) => ({ units: kernel[0], useBias: bias !== undefined }),
  },
  batchNormalization: {
    required: { gamma: '[C]', beta: '[C]' },
    optional: { runningMean: '[C]', runningVariance: '[C]' },
    follow: [],
    options: () => ({}),
  },
} as const satisfies Record<string, KeptParameters>;

/** Of a layer without an entry. */
const NONE: KeptParameters = { required: {}, optional: {}, follow: [], options: () => ({}) };

/** What the op of a kind of layer is given. */
export function keptBy(kind: string): KeptParameters {
  return Object.hasOwn(keptParameters, kind) ? keptParameters[kind as keyof typeof keptParameters] : NONE;
}
