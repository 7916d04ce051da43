import { InvalidArgumentError } from '../errors/index.js';
import { type ConfiguredInitializer, initializerFromOption } from '../initializers/from-option.js';
import type { InitializerOption } from '../initializers/index.js';
import type { Initializer } from '../initializers/initializer.js';
import { lecunUniform } from '../initializers/lecun-uniform.js';
import { zeros } from '../initializers/zeros.js';
import { checkRegularizer, type Regularizer, type RegularizerOptions } from '../regularizers/index.js';
import { checkBoolean } from '../util/check.js';
import type { Shape } from '../util/shape.js';
import type { ParameterSpec } from './layer.js';

/** Options of layers with a kernel and a bias. */
export interface WeightOptions {
  /**
   * First values of the kernel: a name, what `initializers` gives, or an array of as many values as the kernel has.
   * @default 'lecunUniform'
   */
  kernelInitializer?: InitializerOption;
  /**
   * First values of the bias.
   * @default 'zeros'
   */
  biasInitializer?: InitializerOption;
  /**
   * Whether training changes the kernel; `false` freezes it alone, and the bias is trained on. A layer with `trainable: false` is
   * frozen as a whole.
   * @default true
   */
  kernelTrainable?: boolean;
  /** What the kernel costs by its size, added to the loss. By default nothing. */
  kernelRegularizer?: Regularizer | RegularizerOptions;
  /** What the bias costs by its size, added to the loss. By default nothing. */
  biasRegularizer?: Regularizer | RegularizerOptions;
}

/** Their names. */
export const WEIGHT_OPTIONS = [
  'kernelInitializer',
  'biasInitializer',
  'kernelTrainable',
  'kernelRegularizer',
  'biasRegularizer',
] as const satisfies readonly (keyof WeightOptions)[];

/** How the kernel and the bias of a layer begin, and what they cost: `WeightOptions`, checked. */
export class WeightRules {
  readonly #kernelInitializer: ConfiguredInitializer | undefined;
  readonly #biasInitializer: ConfiguredInitializer | undefined;
  readonly #kernelTrainable: boolean;
  readonly #kernelRegularizer: Regularizer | undefined;
  readonly #biasRegularizer: Regularizer | undefined;

  constructor(who: string, options: WeightOptions) {
    const { kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer, kernelTrainable = true } = options;
    this.#kernelTrainable = checkBoolean(who, 'kernelTrainable', kernelTrainable);
    if (kernelInitializer !== undefined) {
      this.#kernelInitializer = initializerFromOption(who, 'kernelInitializer', kernelInitializer);
    }
    if (biasInitializer !== undefined) {
      this.#biasInitializer = initializerFromOption(who, 'biasInitializer', biasInitializer);
      const { config, leastAxes } = this.#biasInitializer;
      if (leastAxes > 1) {
        throw new InvalidArgumentError(
          `${who}: expected an initializer for a single row for biasInitializer, received '${config.type}', which makes ` +
            'matrices.',
        );
      }
    }
    if (kernelRegularizer !== undefined) {
      this.#kernelRegularizer = checkRegularizer(who, 'kernelRegularizer', kernelRegularizer);
    }
    if (biasRegularizer !== undefined) {
      this.#biasRegularizer = checkRegularizer(who, 'biasRegularizer', biasRegularizer);
    }
  }

  /** @param groups of a convolution, along the first axis */
  kernel(shape: Shape, groups = 1): ParameterSpec {
    const { initializer: fill = lecunUniform, fromData } = this.#kernelInitializer ?? {};
    const initializer: Initializer = (shape, random, name) => fill(shape, random, name, groups);
    return {
      name: 'kernel',
      shape,
      initializer,
      ...(fromData && { fromData }),
      ...(!this.#kernelTrainable && { trainable: false, frozen: true }),
      ...(this.#kernelRegularizer && { regularizer: this.#kernelRegularizer }),
    };
  }

  bias(shape: Shape): ParameterSpec {
    const { initializer = zeros } = this.#biasInitializer ?? {};
    return { name: 'bias', shape, initializer, ...(this.#biasRegularizer && { regularizer: this.#biasRegularizer }) };
  }

  /** Those given. What is not said is left out, so that older readers understand a model without such options. */
  config(): Partial<Record<(typeof WEIGHT_OPTIONS)[number], unknown>> {
    return {
      ...(this.#kernelInitializer && { kernelInitializer: this.#kernelInitializer.config }),
      ...(this.#biasInitializer && { biasInitializer: this.#biasInitializer.config }),
      ...(!this.#kernelTrainable && { kernelTrainable: false }),
      ...(this.#kernelRegularizer && { kernelRegularizer: this.#kernelRegularizer }),
      ...(this.#biasRegularizer && { biasRegularizer: this.#biasRegularizer }),
    };
  }
}
