import { InvalidArgumentError } from '../errors/index.js';
import { type ConfiguredInitializer, initializerFromOption } from '../initializers/from-option.js';
import type { InitializerOption } from '../initializers/index.js';
import type { Initializer } from '../initializers/initializer.js';
import { lecunUniform } from '../initializers/lecun-uniform.js';
import { zeros } from '../initializers/zeros.js';
import { checkRegularizer, type Regularizer, type RegularizerOptions } from '../regularizers/index.js';
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
  /** What the kernel costs by its size, added to the loss. By default nothing. */
  kernelRegularizer?: Regularizer | RegularizerOptions;
  /** What the bias costs by its size, added to the loss. By default nothing. */
  biasRegularizer?: Regularizer | RegularizerOptions;
}

/** Their names. */
export const WEIGHT_OPTIONS = [
  'kernelInitializer',
  'biasInitializer',
  'kernelRegularizer',
  'biasRegularizer',
] as const satisfies readonly (keyof WeightOptions)[];

/** How the kernel and the bias of a layer begin, and what they cost: `WeightOptions`, checked. */
export class WeightRules {
  readonly #kernelInitializer: ConfiguredInitializer | undefined;
  readonly #biasInitializer: ConfiguredInitializer | undefined;
  readonly #kernelRegularizer: Regularizer | undefined;
  readonly #biasRegularizer: Regularizer | undefined;

  constructor(who: string, options: WeightOptions) {
    const { kernelInitializer, biasInitializer, kernelRegularizer, biasRegularizer } = options;
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

  kernel(shape: Shape): ParameterSpec {
    return specOf('kernel', shape, this.#kernelInitializer?.initializer ?? lecunUniform, this.#kernelRegularizer);
  }

  bias(shape: Shape): ParameterSpec {
    return specOf('bias', shape, this.#biasInitializer?.initializer ?? zeros, this.#biasRegularizer);
  }

  /** Those given. What is not said is left out, so that older readers understand a model without such options. */
  config(): Partial<Record<(typeof WEIGHT_OPTIONS)[number], unknown>> {
    return {
      ...(this.#kernelInitializer && { kernelInitializer: this.#kernelInitializer.config }),
      ...(this.#biasInitializer && { biasInitializer: this.#biasInitializer.config }),
      ...(this.#kernelRegularizer && { kernelRegularizer: this.#kernelRegularizer }),
      ...(this.#biasRegularizer && { biasRegularizer: this.#biasRegularizer }),
    };
  }
}

function specOf(name: string, shape: Shape, initializer: Initializer, regularizer?: Regularizer): ParameterSpec {
  return { name, shape, initializer, ...(regularizer && { regularizer }) };
}
