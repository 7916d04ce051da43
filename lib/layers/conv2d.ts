import { InvalidArgumentError, ShapeError } from '../errors/index.js';
import type { FusedActivation, Value } from '../program/operation.js';
import { Convolution } from '../program/operations/convolution.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean, checkInteger, checkPair, type Pair } from '../util/check.js';
import { formatShape, type Shape } from '../util/shape.js';
import { applyActivation, checkElementwiseActivation, type ElementwiseActivation } from './activations.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup, type ParameterSpec } from './layer.js';
import { checkImage, checkPadding, type Padding, slide } from './spatial.js';
import { WEIGHT_OPTIONS, type WeightOptions, WeightRules } from './weight-rules.js';

export interface Conv2DOptions extends LayerOptions, WeightOptions {
  /** Output channels. */
  filters: number;
  /** Kernel rows and columns. */
  kernelSize: Pair;
  /**
   * Step of the kernel.
   * @default 1
   */
  strides?: Pair;
  /** @default 'valid' */
  padding?: Padding;
  /**
   * Splits input channels and filters into so many groups, each convolved for itself; both must divide by it.
   * `groups` equal to the input channels is a depthwise convolution.
   * @default 1
   */
  groups?: number;
  /**
   * By name, or with its parameter: `{ type: 'leakyRelu', negativeSlope: 0.2 }`.
   * @default 'linear'
   */
  activation?: ElementwiseActivation;
  /** @default true */
  useBias?: boolean;
}

/**
 * Convolution over images (a cross-correlation, as everywhere in the field): `y[k] = act(sum over c of w[k, c] * x[c] + b[k])`.
 *
 * Input `[C, H, W]`, output `[filters, OH, OW]`. Parameters: `kernel` `[filters, C / groups, R, S]` (OIHW), LeCun
 * uniform unless told otherwise; `bias` `[filters]`, zero.
 */
export class Conv2D extends Layer {
  readonly type = 'conv2d';
  readonly filters: number;
  readonly kernelSize: readonly [number, number];
  readonly strides: readonly [number, number];
  readonly padding: Padding;
  readonly groups: number;
  readonly activation: FusedActivation;
  readonly useBias: boolean;
  readonly #weights: WeightRules;

  constructor(options: Conv2DOptions) {
    const who = 'layers.conv2d';
    super(who, options, [
      'filters',
      'kernelSize',
      'strides',
      'padding',
      'groups',
      'activation',
      'useBias',
      ...WEIGHT_OPTIONS,
    ]);
    const { filters, kernelSize, strides = 1, padding = 'valid', groups = 1 } = options;
    const { activation = 'linear', useBias = true } = options;
    this.filters = checkInteger(who, 'filters', filters, 1);
    this.kernelSize = checkPair(who, 'kernelSize', kernelSize);
    this.strides = checkPair(who, 'strides', strides);
    this.padding = checkPadding(who, padding);
    this.groups = checkInteger(who, 'groups', groups, 1);
    if (this.filters % this.groups !== 0) {
      throw new InvalidArgumentError(
        `${who}: expected filters that divide by the ${this.groups} groups, received ${this.filters}.`,
      );
    }
    this.activation = checkElementwiseActivation(who, activation);
    this.useBias = checkBoolean(who, 'useBias', useBias);
    this.#weights = new WeightRules(who, options);
  }

  outputShape(who: string, input: Shape): Shape {
    checkImage(who, input);
    if ((input[0] ?? 0) % this.groups !== 0) {
      throw new ShapeError(
        `${who}: expected input channels that divide by the ${this.groups} groups, received ${formatShape(input)}.`,
      );
    }
    return [this.filters, ...this.#slide(who, input).output];
  }

  override parameters(input: Shape): ParameterSpec[] {
    const [channels = 0] = input;
    const shape = [this.filters, channels / this.groups, ...this.kernelSize];
    const kernel = this.#weights.kernel(shape);
    return this.useBias ? [kernel, this.#weights.bias([this.filters])] : [kernel];
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    const { output, before } = this.#slide(this.type, x.shape);
    const y = trace.add(
      new Convolution(x, {
        kernel: parameter('kernel'),
        bias: this.useBias ? parameter('bias') : null,
        strides: this.strides,
        padding: before,
        groups: this.groups,
        outputShape: [this.filters, ...output],
        activation: 'linear',
      }),
    );
    return applyActivation(trace, y, this.activation);
  }

  config(): LayerConfig {
    const { type, filters, kernelSize, strides, padding, groups, activation, useBias } = this;
    return { type, filters, kernelSize, strides, padding, groups, activation, useBias, ...this.#weights.config() };
  }

  #slide(who: string, input: Shape) {
    checkImage(who, input);
    return slide(who, 'kernelSize', input, { size: this.kernelSize, strides: this.strides, padding: this.padding });
  }
}
