import { ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import { Dense as DenseOperation } from '../program/operations/dense.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean, checkInteger } from '../util/check.js';
import { formatShape, type Shape } from '../util/shape.js';
import { type AnyActivation, applyActivation, type CheckedActivation, checkActivation } from './activations.js';
import {
  Layer,
  type LayerConfig,
  type ParameterLookup,
  type ParameterSpec,
  TRAINED_LAYER_OPTIONS,
  type TrainedLayerOptions,
} from './layer.js';
import { WEIGHT_OPTIONS, type WeightOptions, WeightRules } from './weight-rules.js';

export interface DenseOptions extends TrainedLayerOptions, WeightOptions {
  /** Output features. */
  units: number;
  /**
   * By name, or with its parameter: `{ type: 'leakyRelu', negativeSlope: 0.2 }`.
   * @default 'linear'
   */
  activation?: AnyActivation;
  /** @default true */
  useBias?: boolean;
}

/**
 * Every output from every input: `y = act(w x + b)`.
 *
 * Input `[features]`, output `[units]`. Parameters: `kernel` `[units, features]` (as in PyTorch), LeCun uniform; `bias`
 * `[units]`, zero.
 */
export class Dense extends Layer {
  readonly type = 'dense';
  readonly units: number;
  readonly activation: CheckedActivation;
  readonly useBias: boolean;
  readonly #weights: WeightRules;

  constructor(options: DenseOptions) {
    const who = 'layers.dense';
    super(who, options, ['units', 'activation', 'useBias', ...WEIGHT_OPTIONS, ...TRAINED_LAYER_OPTIONS]);
    const { units, activation = 'linear', useBias = true } = options;
    this.units = checkInteger(who, 'units', units, 1);
    this.activation = checkActivation(who, activation);
    this.useBias = checkBoolean(who, 'useBias', useBias);
    this.#weights = new WeightRules(who, options);
  }

  outputShape(who: string, input: Shape): Shape {
    if (input.length !== 1) {
      throw new ShapeError(
        `${who}: expected an input of shape [features], received ${formatShape(input)}. Put layers.flatten() before it.`,
      );
    }
    return [this.units];
  }

  override parameters(input: Shape): ParameterSpec[] {
    const [features = 0] = input;
    const kernel = this.#weights.kernel([this.units, features]);
    return this.useBias ? [kernel, this.#weights.bias([this.units])] : [kernel];
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    const kernel = parameter('kernel');
    const bias = this.useBias ? parameter('bias') : null;
    const y = trace.add(new DenseOperation(x, { kernel, bias, activation: 'linear' }));
    return applyActivation(trace, y, this.activation);
  }

  config(): LayerConfig {
    const { type, units, activation, useBias } = this;
    return { type, units, activation, useBias, ...this.#weights.config(), ...this.training() };
  }
}
