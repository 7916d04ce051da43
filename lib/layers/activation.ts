import { ShapeError } from '../errors/index.js';
import type { Value } from '../program/operation.js';
import type { Trace } from '../program/trace.js';
import { formatShape, type Shape } from '../util/shape.js';
import { type ActivationName, applyActivation, checkActivation } from './activations.js';
import { Layer, type LayerConfig, type LayerOptions, type ParameterLookup } from './layer.js';

export interface ActivationOptions extends LayerOptions {
  activation: ActivationName;
}

/** An activation of its own: any shape in, the same shape out (softmax: one dimension). */
export class Activation extends Layer {
  readonly type = 'activation';
  readonly activation: ActivationName;

  constructor(options: ActivationOptions) {
    super('layers.activation', options, ['activation']);
    this.activation = checkActivation('layers.activation', options.activation);
  }

  outputShape(who: string, input: Shape): Shape {
    if (this.activation === 'softmax' && input.length !== 1) {
      throw new ShapeError(
        `${who}: expected an input of shape [classes] for softmax, received ${formatShape(input)}. Put layers.flatten() before it.`,
      );
    }
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    return applyActivation(trace, x, this.activation);
  }

  config(): LayerConfig {
    return { type: this.type, activation: this.activation };
  }
}
