import { InvalidArgumentError } from '../errors/index.js';
import type { DataInitializer, Initializer } from '../initializers/initializer.js';
import type { Parameter, Value } from '../program/operation.js';
import type { Trace } from '../program/trace.js';
import type { Regularizer } from '../regularizers/index.js';
import { checkBoolean, checkName, checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import type { Shape } from '../util/shape.js';
import { checkSize } from './check-size.js';
import { SymbolicTensor } from './symbolic-tensor.js';

/** Options every layer takes. */
export interface LayerOptions {
  /**
   * Name of the layer in tables, errors and saved weights; unique within a model.
   * @default the kind of the layer, numbered: `conv2d`, `conv2d_1`, ...
   */
  name?: string;
}

/** Options of every layer that keeps weights. */
export interface TrainedLayerOptions extends LayerOptions {
  /**
   * Whether training changes the layer's weights. Those of a frozen layer stay as they are, its running statistics too: a frozen batch
   * normalisation normalises by them in training as well, as in Keras.
   * @default true
   */
  trainable?: boolean;
  /**
   * What the learning rate is multiplied by for the layer's weights, from 0.
   * @default 1
   */
  learningRateFactor?: number;
}

/** Their names. */
export const TRAINED_LAYER_OPTIONS = ['trainable', 'learningRateFactor'] as const;

/** Options that are set afterwards in Keras. */
const SET_AFTERWARDS = [...TRAINED_LAYER_OPTIONS, 'kernelTrainable'] as const;

/** A tensor a layer keeps. */
export interface ParameterSpec {
  /** Within the layer, such as `kernel`. */
  readonly name: string;
  readonly shape: Shape;
  readonly initializer: Initializer;
  /** What fills it once there is data, if its first values follow from data. */
  readonly fromData?: DataInitializer;
  /**
   * Whether it follows a gradient; running statistics do not.
   * @default true
   */
  readonly trainable?: boolean;
  /** Whether it stays as it is: averages of weights leave it alone too. */
  readonly frozen?: boolean;
  /** What it costs by its size. */
  readonly regularizer?: Regularizer;
}

/** A parameter of the layer by its name within it. */
export type ParameterLookup = (name: string) => Parameter;

/** Plain data from which `layerFromConfig` makes the same layer. */
export interface LayerConfig {
  readonly type: string;
  readonly [option: string]: unknown;
}

/**
 * A layer: options checked, shapes inferred, and its computation given as operations, each of which carries its
 * gradient. A layer holds no weights and no memory, so it can be part of any program.
 */
export abstract class Layer {
  /** Kind of the layer, as the function that makes it is called. */
  abstract readonly type: string;
  /** The name given by the user, if any. */
  readonly givenName: string | undefined;
  /** Whether training changes its weights. */
  readonly trainable: boolean;
  /** What the learning rate is multiplied by. */
  readonly learningRateFactor: number;

  /** @param known names of the layer's options; of one with weights among them `TRAINED_LAYER_OPTIONS` @internal */
  protected constructor(who: string, options: TrainedLayerOptions, known: readonly string[]) {
    checkOptions(who, options, [...known, 'name']);
    const { name, trainable = true, learningRateFactor = 1 } = options;
    this.givenName = name === undefined ? undefined : checkName(who, name);
    this.trainable = checkBoolean(who, 'trainable', trainable);
    this.learningRateFactor = checkNumber(who, 'learningRateFactor', learningRateFactor, 0);
  }

  /** `TrainedLayerOptions` for `config`. What is not said is left out, so that older readers understand a model without it. @internal */
  protected training(): Pick<TrainedLayerOptions, 'trainable' | 'learningRateFactor'> {
    const { trainable, learningRateFactor } = this;
    return { ...(!trainable && { trainable }), ...(learningRateFactor !== 1 && { learningRateFactor }) };
  }

  /** Whether the layer reads several tensors. Most read one. */
  get readsSeveral(): boolean {
    return false;
  }

  /** @throws ShapeError when the layer cannot take such an input; `who` names the layer in the message */
  abstract outputShape(who: string, input: Shape, ...others: readonly Shape[]): Shape;

  /** What the layer keeps, for such an input. @internal */
  parameters(_input: Shape): ParameterSpec[] {
    return [];
  }

  /** Fewest samples that a training step may hold, for such an input. @internal */
  fewestSamples(_input: Shape): number {
    return 1;
  }

  /** Adds the layer's operations and gives its output. @internal */
  abstract compute(trace: Trace, parameter: ParameterLookup, input: Value, ...others: readonly Value[]): Value;

  /** Options without the name. @internal */
  abstract config(): LayerConfig;

  /**
   * The layer's output for a tensor, or for several: `layers.add().apply([x, y])`. A layer applied twice shares its
   * weights.
   *
   * @throws ShapeError when the layer cannot take such an input, InvalidArgumentError for anything but tensors
   */
  apply(input: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor {
    return this.connect(this.givenName ?? `layers.${this.type}`, input);
  }

  /** As `apply`, with the name that messages use. @internal */
  connect(who: string, input: SymbolicTensor | readonly SymbolicTensor[]): SymbolicTensor {
    this.#finish();
    const inputs: readonly unknown[] = Array.isArray(input) ? input : [input];
    if (!inputs.every((tensor) => tensor instanceof SymbolicTensor)) {
      throw new InvalidArgumentError(
        `${who}: expected tensors such as input() or what a layer's apply gives, received ${describe(input)}.`,
      );
    }
    const [first, ...others] = inputs as readonly SymbolicTensor[];
    if (first === undefined || this.readsSeveral === (others.length === 0)) {
      const expected = this.readsSeveral ? 'at least two tensors' : 'one tensor';
      throw new InvalidArgumentError(`${who}: expected ${expected}, received ${inputs.length}.`);
    }
    const shape = this.outputShape(who, first.shape, ...others.map((tensor) => tensor.shape));
    checkSize(who, 'the output', shape);
    return new SymbolicTensor(shape, this, [first, ...others]);
  }

  /** Ends changes of the layer: models read it once, when they are made, and training would not know of any. */
  #finish(): void {
    if (Object.isFrozen(this)) return;
    for (const name of SET_AFTERWARDS) {
      const value: unknown = Reflect.get(this, name);
      const refuse = (): never => {
        throw new InvalidArgumentError(
          `layers.${this.type}: expected ${name} among the options that the layer is made with, received it afterwards. Make the layers ` +
            'anew, the model of them, and take the weights over: setWeights(await old.getWeights()).',
        );
      };
      Object.defineProperty(this, name, { enumerable: value !== undefined, get: () => value, set: refuse });
    }
    Object.freeze(this);
  }
}
