import { ShapeError } from '../errors/index.js';
import { ones } from '../initializers/ones.js';
import { zeros } from '../initializers/zeros.js';
import type { Value } from '../program/operation.js';
import { GroupNormalization } from '../program/operations/group-normalization.js';
import type { Trace } from '../program/trace.js';
import { checkBoolean, checkNumber } from '../util/check.js';
import { formatShape, type Shape, sizeOf } from '../util/shape.js';
import {
  Layer,
  type ParameterLookup,
  type ParameterSpec,
  TRAINED_LAYER_OPTIONS,
  type TrainedLayerOptions,
} from './layer.js';

/** Options of layers that normalise each sample for itself. */
export interface SampleNormalizationOptions extends TrainedLayerOptions {
  /**
   * Added to the variance.
   * @default 1e-5
   */
  epsilon?: number;
  /**
   * Whether normalised values are multiplied by a trained `gamma`.
   * @default true
   */
  scale?: boolean;
  /**
   * Whether a trained `beta` is added then.
   * @default true
   */
  center?: boolean;
}

/** What layers have in common that normalise each sample for itself: in training as otherwise, whatever else is in the batch. */
export abstract class SampleNormalization extends Layer {
  readonly epsilon: number;
  readonly scale: boolean;
  readonly center: boolean;

  protected constructor(who: string, options: SampleNormalizationOptions, known: readonly string[] = []) {
    super(who, options, [...known, 'epsilon', 'scale', 'center', ...TRAINED_LAYER_OPTIONS]);
    const { epsilon = 1e-5, scale = true, center = true } = options;
    this.epsilon = checkNumber(who, 'epsilon', epsilon, 1e-12);
    this.scale = checkBoolean(who, 'scale', scale);
    this.center = checkBoolean(who, 'center', center);
  }

  /** Runs of channels normalised together, for such an input. */
  protected abstract groupsOf(input: Shape): number;

  /** Whether gamma and beta are of elements, not of channels. */
  protected readonly elementwise: boolean = false;

  outputShape(who: string, input: Shape): Shape {
    // The variance of a single value is zero, and every output would be beta, whatever the input.
    if (sizeOf(input) / this.groupsOf(input) < 2) {
      throw new ShapeError(
        `${who}: expected at least two values to normalise together, received a single one each of an input of ${formatShape(input)}. ` +
          `Use ${'groups' in this ? 'fewer groups, or ' : ''}layers.batchNormalization().`,
      );
    }
    return input;
  }

  override parameters(input: Shape): ParameterSpec[] {
    const shape = this.elementwise ? input : input.slice(0, 1);
    return [
      ...(this.scale ? [{ name: 'gamma', shape, initializer: ones }] : []),
      ...(this.center ? [{ name: 'beta', shape, initializer: zeros }] : []),
    ];
  }

  compute(trace: Trace, parameter: ParameterLookup, x: Value): Value {
    return trace.add(
      new GroupNormalization(x, {
        gamma: this.scale ? parameter('gamma') : null,
        beta: this.center ? parameter('beta') : null,
        groups: this.groupsOf(x.shape),
        elementwise: this.elementwise,
        epsilon: this.epsilon,
      }),
    );
  }
}
