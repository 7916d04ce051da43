import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { FusedActivation } from '../program/operation.js';
import { checkBoolean, checkPair, type Pair } from '../util/check.js';
import { formatShape, type Shape } from '../util/shape.js';
import { checkElementwiseActivation, type ElementwiseActivation } from './activations.js';
import type { ConvolutionPadding } from './convolution-window.js';
import { Layer, TRAINED_LAYER_OPTIONS, type TrainedLayerOptions } from './layer.js';
import { checkExtent, checkPadding } from './spatial.js';
import { WEIGHT_OPTIONS, type WeightOptions, WeightRules } from './weight-rules.js';

/** Options of every convolution. */
export interface ConvolutionOptions extends TrainedLayerOptions, WeightOptions {
  /** Kernel rows and columns. */
  kernelSize: Pair;
  /**
   * Step of the kernel, for both axes or each.
   * @default 1
   */
  strides?: Pair;
  /**
   * Padding with zeros: `valid` none; `same` so much that the output has `ceil(input / stride)` positions; `full`
   * `dilation * (kernelSize - 1)` on each side; a number on all sides; or `[top, bottom, left, right]`.
   * @default 'valid'
   */
  padding?: ConvolutionPadding;
  /**
   * Distance of two taps of the kernel, for both axes or each.
   * @default 1
   */
  dilation?: Pair;
  /**
   * By name, or with its parameter: `{ type: 'leakyRelu', negativeSlope: 0.2 }`.
   * @default 'linear'
   */
  activation?: ElementwiseActivation;
  /** @default true */
  useBias?: boolean;
}

const COMMON = ['kernelSize', 'strides', 'padding', 'dilation', 'activation', 'useBias'] as const;

/** What all convolutions have in common: the kernel's way over the image, and what follows it. */
export abstract class ConvolutionLayer extends Layer {
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: ConvolutionPadding;
  readonly dilation: readonly [number, number];
  readonly activation: FusedActivation;
  readonly useBias: boolean;
  protected readonly weights: WeightRules;

  protected constructor(who: string, options: ConvolutionOptions, own: readonly string[]) {
    super(who, options, [...own, ...COMMON, ...WEIGHT_OPTIONS, ...TRAINED_LAYER_OPTIONS]);
    const { kernelSize, strides = 1, padding = 'valid', dilation = 1, activation = 'linear', useBias = true } = options;
    this.kernelSize = checkPair(who, 'kernelSize', kernelSize);
    this.strides = checkPair(who, 'strides', strides);
    this.padding = checkPadding(who, padding, ['full']);
    this.dilation = checkPair(who, 'dilation', dilation);
    checkExtent(who, 'kernelSize', this.kernelSize, this.dilation);
    this.activation = checkElementwiseActivation(who, activation);
    this.useBias = checkBoolean(who, 'useBias', useBias);
    this.weights = new WeightRules(who, options);
  }

  /** The options all convolutions have, as `config` gives them. */
  protected common() {
    const { kernelSize, strides, padding, dilation, activation, useBias } = this;
    const given = { ...this.weights.config(), ...this.training() };
    return { kernelSize, strides, padding, dilation, activation, useBias, ...given };
  }
}

/** @throws InvalidArgumentError unless the groups divide the filters */
export function checkFilterGroups(who: string, filters: number, groups: number): void {
  if (filters % groups === 0) return;
  throw new InvalidArgumentError(
    `${who}: expected filters that divide by the ${groups} groups, received ${filters}. Choose other filters or groups.`,
  );
}

/** @throws ShapeError unless the groups divide the channels of the input */
export function checkChannelGroups(who: string, input: Shape, groups: number): void {
  if ((input[0] ?? 0) % groups === 0) return;
  throw new ShapeError(
    `${who}: expected input channels that divide by the ${groups} groups, received ${formatShape(input)}.`,
  );
}
