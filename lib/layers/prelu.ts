import { constant } from '../initializers/constant.js';
import type { Value } from '../program/operation.js';
import { Prelu as PreluOperation } from '../program/operations/prelu.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import {
  Layer,
  type LayerConfig,
  type ParameterLookup,
  type ParameterSpec,
  TRAINED_LAYER_OPTIONS,
  type TrainedLayerOptions,
} from './layer.js';

export interface PreluOptions extends TrainedLayerOptions {
  /**
   * Whether all channels have one slope together.
   * @default false
   */
  shared?: boolean;
}

/** Where slopes begin, as in PyTorch. */
const INITIAL_SLOPE = 0.25;

/**
 * A relu with a trained slope below zero: `x` for x > 0, `slope[c] x` elsewhere (He et al., "Delving deep into rectifiers",
 * 2015).
 *
 * Input `[C, H, W]` or `[C]`, output the same. Parameter: `slope` `[C]`, or `[1]` where it is shared; 0.25.
 */
export class Prelu extends Layer {
  readonly type = 'prelu';
  readonly shared: boolean;

  constructor(options: PreluOptions = {}) {
    super('layers.prelu', options, ['shared', ...TRAINED_LAYER_OPTIONS]);
    const { shared = false } = options;
    this.shared = checkBoolean('layers.prelu', 'shared', shared);
  }

  outputShape(_who: string, input: Shape): Shape {
    return input;
  }

  override parameters([channels = 0]: Shape): ParameterSpec[] {
    return [{ name: 'slope', shape: [this.shared ? 1 : channels], initializer: constant(INITIAL_SLOPE) }];
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    return trace.add(new PreluOperation(x, parameter('slope')));
  }

  config(): LayerConfig {
    return { type: this.type, shared: this.shared, ...this.training() };
  }
}
