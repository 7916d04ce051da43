import type { Shape } from '../util/shape.js';

/** Shapes of the parameters given, by name. */
export type ShapesByName = Readonly<Record<string, Shape>>;

/** What the op of a layer with parameters is given beside the layer's options. */
export interface KeptParameters {
  /** Names and shapes as messages show them. */
  readonly required: Readonly<Record<string, string>>;
  readonly optional: Readonly<Record<string, string>>;
  /** Those of them that training does not change by a gradient. */
  readonly untrained?: readonly string[];
  /** Options of the layer that are not given, for they follow from the parameters. */
  readonly follow: readonly string[];
  /** Those options, from the shapes and, where they need one, another option. */
  options(shapes: ShapesByName, given: Readonly<Record<string, unknown>>): Record<string, unknown>;
}

/** How parameters begin, whether they are trained and what they cost: of no use where they are given. */
const BEGINNINGS = [
  ...(['kernelInitializer', 'biasInitializer', 'kernelTrainable'] as const),
  ...(['kernelRegularizer', 'biasRegularizer'] as const),
] as const;

/** Normalisations scale and shift by what is given. */
const affine = (axes: string) =>
  ({
    required: {},
    optional: { gamma: axes, beta: axes },
    follow: ['scale', 'center'],
    options: ({ gamma, beta }: ShapesByName) => ({ scale: gamma !== undefined, center: beta !== undefined }),
  }) as const;

/**
 * Layers with parameters. A layer without parameters needs no entry, one with parameters this one: its op is whole then.
 * Parameters that are not trained and not given are as in a new layer. `[...]` stands for any shape.
 */
export const keptParameters = {
  conv2d: {
    required: { kernel: '[filters, C / groups, R, S]' },
    optional: { bias: '[filters]' },
    follow: ['filters', 'kernelSize', 'useBias', ...BEGINNINGS],
    options: ({ kernel = [], bias }: ShapesByName) => ({
      filters: kernel[0],
      kernelSize: kernel.slice(2),
      useBias: bias !== undefined,
    }),
  },
  depthwiseConv2d: {
    required: { kernel: '[C * depthMultiplier, 1, R, S]' },
    optional: { bias: '[C * depthMultiplier]' },
    follow: ['kernelSize', 'useBias', ...BEGINNINGS],
    options: ({ kernel = [], bias }: ShapesByName) => ({ kernelSize: kernel.slice(2), useBias: bias !== undefined }),
  },
  separableConv2d: {
    required: {
      depthwiseKernel: '[C * depthMultiplier, 1, R, S]',
      pointwiseKernel: '[filters, C * depthMultiplier, 1, 1]',
    },
    optional: { bias: '[filters]' },
    follow: ['filters', 'kernelSize', 'useBias', ...BEGINNINGS],
    options: ({ depthwiseKernel = [], pointwiseKernel = [], bias }: ShapesByName) => ({
      filters: pointwiseKernel[0],
      kernelSize: depthwiseKernel.slice(2),
      useBias: bias !== undefined,
    }),
  },
  conv2dTranspose: {
    required: { kernel: '[C, filters / groups, R, S]' },
    optional: { bias: '[filters]' },
    follow: ['filters', 'kernelSize', 'useBias', ...BEGINNINGS],
    options: ({ kernel = [], bias }: ShapesByName, { groups = 1 }: Readonly<Record<string, unknown>>) => ({
      filters: (kernel[1] ?? 0) * (Number.isSafeInteger(groups) ? (groups as number) : 1),
      kernelSize: kernel.slice(2),
      useBias: bias !== undefined,
    }),
  },
  dense: {
    required: { kernel: '[units, features]' },
    optional: { bias: '[units]' },
    follow: ['units', 'useBias', ...BEGINNINGS],
    options: ({ kernel = [], bias }: ShapesByName) => ({ units: kernel[0], useBias: bias !== undefined }),
  },
  batchNormalization: {
    ...affine('[C]'),
    optional: { gamma: '[C]', beta: '[C]', runningMean: '[C]', runningVariance: '[C]' },
    untrained: ['runningMean', 'runningVariance'],
  },
  layerNormalization: affine('[...]'),
  groupNormalization: affine('[C]'),
  instanceNormalization: affine('[C]'),
  prelu: {
    required: { slope: '[C]' },
    optional: {},
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
