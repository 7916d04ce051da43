import type { Value } from '../program/operation.js';
import { GaussianNoise as GaussianNoiseOperation } from '../program/operations/gaussian-noise.js';
import type { Trace } from '../program/trace.js';
import { checkNumber, MOST_FLOAT } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import { Layer, type LayerConfig, type ParameterLookup } from './layer.js';
import { checkSeed, type RandomOptions } from './random-options.js';

export interface GaussianNoiseOptions extends RandomOptions {
  /** Standard deviation of the noise, at least 0. */
  stddev: number;
}

/**
 * In training adds normally distributed noise of mean 0; otherwise does nothing, and costs nothing. Any shape in, the same shape
 * out. The gradient passes as it is.
 *
 * The noise follows from seed, layer, step and place, as in `dropout`. It comes from uniform numbers of 24 bits by Box and
 * Muller's method, so it reaches to 5.77 deviations, and is the same within 1e-6 deviations on every instruction set.
 */
export class GaussianNoise extends Layer {
  readonly type = 'gaussianNoise';
  readonly stddev: number;
  readonly seed: number | undefined;

  constructor(options: GaussianNoiseOptions) {
    const who = 'layers.gaussianNoise';
    super(who, options, ['stddev', 'seed']);
    this.stddev = checkNumber(who, 'stddev', options.stddev, 0, MOST_FLOAT);
    this.seed = checkSeed(who, options.seed);
  }

  outputShape(_who: string, input: Shape): Shape {
    return input;
  }

  compute(trace: Trace, _parameter: ParameterLookup, x: Value): Value {
    const draws = { seed: this.seed, stream: trace.nextStream() };
    return trace.add(new GaussianNoiseOperation(x, { stddev: this.stddev, draws }));
  }

  config(): LayerConfig {
    const { type, stddev, seed } = this;
    return { type, stddev, ...(seed !== undefined && { seed }) };
  }
}
