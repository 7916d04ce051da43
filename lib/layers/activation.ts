import type { Value } from '../program/operation.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import {
  type AnyActivation,
  activatedShape,
  applyActivation,
  type CheckedActivation,
  checkActivation,
} from './activations.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

export interface ActivationOptions extends LayerOptions {
  activation: AnyActivation;
}

/** An activation of its own: any shape in, the same shape out (softmax and logSoftmax: one dimension). */
export class Activation extends Layer {
  readonly type = 'activation';
  readonly activation: CheckedActivation;

  constructor(options: ActivationOptions) {
    super('layers.activation', options, ['activation']);
    this.activation = checkActivation('layers.activation', options.activation);
  }

  outputShape(who: string, input: Shape): Shape {
    return activatedShape(who, this.activation, input);
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return applyActivation(trace, x, this.activation);
  }

  config(): LayerConfig {
    return { type: this.type, activation: this.activation };
  }
}
