import type { Value } from '../program/operation.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import {
  type ActivationName,
  activatedShape,
  applyActivation,
  type CheckedActivation,
  checkParameter,
  type Elu,
  type LeakyRelu,
  PARAMETERS,
  withParameter,
} from './activations.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

export interface LeakyReluOptions extends LayerOptions, Omit<LeakyRelu, 'type'> {}

export interface EluOptions extends LayerOptions, Omit<Elu, 'type'> {}

/** An activation as a layer of its own name, with its parameter as an option: any shape in, the same shape out. */
export class NamedActivation extends Layer {
  readonly type: ActivationName;
  readonly activation: CheckedActivation;

  constructor(type: ActivationName, options: LayerOptions = {}) {
    const who = `layers.${type}`;
    if (type === 'leakyRelu' || type === 'elu') {
      const { option } = PARAMETERS[type];
      super(who, options, [option]);
      const given = (options as Readonly<Record<string, unknown>>)[option];
      this.activation = withParameter(type, checkParameter(who, option, type, given));
    } else {
      super(who, options, []);
      this.activation = type;
    }
    this.type = type;
  }

  outputShape(who: string, input: Shape): Shape {
    return activatedShape(who, this.activation, input);
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return applyActivation(trace, x, this.activation);
  }

  config(): LayerConfig {
    return typeof this.activation === 'string' ? { type: this.type } : { ...this.activation };
  }
}

const layerOf =
  (type: ActivationName) =>
  (options?: LayerOptions): NamedActivation =>
    new NamedActivation(type, options);

/** A layer for each activation. */
export const activationLayers = {
  /** `x`. */
  linear: layerOf('linear'),
  /** `max(0, x)`. */
  relu: layerOf('relu'),
  /** `min(6, max(0, x))`. */
  relu6: layerOf('relu6'),
  /** `x` for x > 0, `negativeSlope x` elsewhere. */
  leakyRelu: (options?: LeakyReluOptions): NamedActivation => new NamedActivation('leakyRelu', options),
  /** `x` for x > 0, `alpha (e^x - 1)` elsewhere (Clevert, Unterthiner, Hochreiter, 2016). */
  elu: (options?: EluOptions): NamedActivation => new NamedActivation('elu', options),
  /** `1.0507 elu(x)` with alpha 1.67326, which keeps mean 0 and variance 1 (Klambauer et al., 2017). */
  selu: layerOf('selu'),
  /** `x P(X < x)` for a standard normal X, exact: `x / 2 (1 + erf(x / sqrt 2))` (Hendrycks and Gimpel, 2016). */
  gelu: layerOf('gelu'),
  /** The approximation `x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3)))` of gelu. */
  geluTanh: layerOf('geluTanh'),
  /** `x sigmoid(x)`, also known as swish. */
  silu: layerOf('silu'),
  /** `x tanh(softplus(x))` (Misra, 2020). */
  mish: layerOf('mish'),
  /** `x hardSigmoid(x)` (Howard et al., "Searching for MobileNetV3", 2019). */
  hardSwish: layerOf('hardSwish'),
  /** `relu6(x + 3) / 6`. */
  hardSigmoid: layerOf('hardSigmoid'),
  /** `1 / (1 + e^-x)`. */
  sigmoid: layerOf('sigmoid'),
  /** The hyperbolic tangent. */
  tanh: layerOf('tanh'),
  /** `ln(1 + e^x)`. */
  softplus: layerOf('softplus'),
  /** `x / (1 + |x|)`. */
  softsign: layerOf('softsign'),
  /** `e^x / sum e^x`, over a one-dimensional sample. */
  softmax: layerOf('softmax'),
  /** `x - ln(sum e^x)`, over a one-dimensional sample. At the end of a model cross-entropy takes its input as logits. */
  logSoftmax: layerOf('logSoftmax'),
} as const;
