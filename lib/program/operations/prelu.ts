import { sizeOf } from '../../util/shape.js';
import type { Emitter } from '../emitter.js';
import type { Operation, Parameter, Value } from '../operation.js';

/**
 * `y = x` for x > 0, `y = slope[c] x` elsewhere, with a slope for each channel or one for all. Gradients: `dx = dy` or
 * `slope[c] dy`; `dslope[c]` = the sum of `dy x` where x is not above 0.
 */
export class Prelu implements Operation {
  readonly inputs: readonly [Value];
  readonly output: Value;
  readonly parameters: readonly [Parameter];

  constructor(x: Value, slope: Parameter) {
    this.inputs = [x];
    this.parameters = [slope];
    this.output = { shape: x.shape, producer: this };
  }

  forward(emit: Emitter): void {
    const [slope] = this.parameters;
    const x = emit.bufferOf(this.inputs[0]);
    emit.compute('prelu', { y: emit.define(this.output), x, slope: emit.parameter(slope) }, this.#attributes());
  }

  gradient(emit: Emitter): void {
    const [input] = this.inputs;
    const [slope] = this.parameters;
    const dy = emit.gradientOf(this.output);
    const x = emit.bufferOf(input);
    const attributes = this.#attributes();
    // First: the gradient of x may be written over dy.
    if (slope.trainable) {
      emit.compute('preluSlopeGradient', { dslope: emit.partialGradient(slope), dy, x }, attributes);
    }
    if (!emit.wants(input)) return;
    const dx = emit.overGradientOf(this.output);
    emit.compute('preluGradient', { dx, dy, x, slope: emit.parameter(slope) }, attributes);
    emit.giveGradient(input, dx);
  }

  /** One slope for all is that of a single channel. */
  #attributes() {
    const channels = sizeOf(this.parameters[0].shape);
    return { channels, pixels: sizeOf(this.output.shape) / channels };
  }
}
