import { InvalidArgumentError } from '../errors/index.js';
import { checkNumber } from '../util/check.js';
import { checkOptions } from '../util/check-options.js';
import { describe } from '../util/describe.js';
import { isPlainObject } from '../util/is-plain-object.js';

/** What weights cost by their size: `l1 * sum |w| + l2 * sum w^2` (Keras), counted in the loss of training and evaluation. */
export interface Regularizer {
  readonly l1: number;
  readonly l2: number;
}

/** Factors of the two sums. */
export interface RegularizerOptions {
  /**
   * Factor of the sum of sizes.
   * @default 0
   */
  l1?: number;
  /**
   * Factor of the sum of squares.
   * @default 0
   */
  l2?: number;
}

/**
 * Regularisers by name, for `kernelRegularizer` and `biasRegularizer` of layers. The gradient of the penalty is
 * `l1 * sign(w) + 2 * l2 * w`.
 *
 * @namespace
 */
export const regularizers = {
  /** `factor * sum |w|`: drives weights to zero. */
  l1: (factor: number): Regularizer => make('regularizers.l1', { l1: checkFactor('l1', factor) }),
  /** `factor * sum w^2`: keeps weights small. A notebook's `reg / 2 * sum w^2` is `l2(reg / 2)`. */
  l2: (factor: number): Regularizer => make('regularizers.l2', { l2: checkFactor('l2', factor) }),
  /** Both. */
  l1l2: (options: RegularizerOptions): Regularizer => make('regularizers.l1l2', options),
} as const;

/** The regulariser that an option of a layer asks for. @throws InvalidArgumentError unless it is one */
export function checkRegularizer(who: string, name: string, option: unknown): Regularizer {
  if (isPlainObject(option)) return make(`${who} ${name}`, option);
  throw new InvalidArgumentError(
    `${who}: expected what regularizers.l2(0.01) gives, or { l1, l2 }, for ${name}, received ${describe(option)}.`,
  );
}

/** Left out it is no factor at all, while of two either may be. */
function checkFactor(name: 'l1' | 'l2', factor: unknown): number {
  return checkNumber(`regularizers.${name}`, name, factor, 0);
}

function make(who: string, options: unknown): Regularizer {
  checkOptions(who, options, ['l1', 'l2']);
  const { l1 = 0, l2 = 0 } = options as RegularizerOptions;
  return Object.freeze({ l1: checkNumber(who, 'l1', l1, 0), l2: checkNumber(who, 'l2', l2, 0) });
}
