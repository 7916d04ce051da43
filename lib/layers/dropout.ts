import type { Value } from '../program/operation.js';
import { Dropout as DropoutOperation } from '../program/operations/dropout.js';
import type { Trace } from '../program/trace.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type ParameterLookup } from './layer.js';
import { checkRate, checkSeed, type RandomOptions } from './random-options.js';

export interface DropoutOptions extends RandomOptions {
  /** Share of values to drop, from 0 to below 1. */
  rate: number;
}

/**
 * In training sets each value to 0 with probability `rate` and divides the others by `1 - rate`, so that the mean stays
 * (Srivastava, Hinton, Krizhevsky, Sutskever, Salakhutdinov, 2014; "inverted" as in Keras and PyTorch). Otherwise does
 * nothing, and costs nothing. Any shape in, the same shape out.
 *
 * What is dropped follows from seed, layer, step and place: it is new in every step, and the same for any number of threads and
 * on every instruction set.
 */
export class Dropout extends Layer {
  readonly type = 'dropout';
  readonly rate: number;
  readonly seed: number | undefined;

  constructor(options: DropoutOptions) {
    const who = 'layers.dropout';
    super(who, options, ['rate', 'seed']);
    this.rate = checkRate(who, options.rate);
    this.seed = checkSeed(who, options.seed);
  }

  outputShape(_who: string, input: Shape): Shape {
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const draws = { seed: this.seed, stream: trace.nextStream() };
    return trace.add(new DropoutOperation(x, { rate: this.rate, channels: false, draws }));
  }

  config(): LayerConfig {
    const { type, rate, seed } = this;
    return { type, rate, ...(seed !== undefined && { seed }) };
  }
}
