/** Options of initialisers, each with the values that Keras gives it. */

export interface NormalOptions {
  /** @default 0 */
  mean?: number;
  /**
   * Standard deviation.
   * @default 0.05
   */
  stddev?: number;
}

/** Options of `initializers.randomUniform`. */
export interface UniformOptions {
  /** @default -0.05 */
  min?: number;
  /** @default 0.05 */
  max?: number;
}

/** Options of `initializers.constant`. */
export interface ConstantOptions {
  value: number;
}

/** Options of initializers that scale what they draw. */
export interface GainOptions {
  /**
   * Factor of all values.
   * @default 1
   */
  gain?: number;
}

/** Options of `initializers.heNormal` and `heUniform`. */
export interface HeOptions {
  /**
   * Slope below 0 of the activation that follows: the variance is 2 / ((1 + slope^2) * fanIn). PyTorch's own first weights are
   * `heUniform({ negativeSlope: Math.sqrt(5) })`, uniform in ±1 / sqrt(fanIn).
   * @default 0
   */
  negativeSlope?: number;
}

/** Options of `initializers.dirac`. */
export interface DiracOptions extends GainOptions {
  /**
   * First values of the outputs beyond the inputs: what this initialiser makes of them when it fills the whole kernel; any but `dirac`,
   * `identity` and `whitening`.
   * @default 'zeros'
   */
  rest?: InitializerOption;
}

/** Options of `initializers.whitening`. */
export interface WhiteningOptions {
  /**
   * Samples to learn from: so many of the first of the training set, or all.
   * @default 5000
   */
  samples?: number;
  /**
   * Added to eigenvalues, so that directions in which images hardly vary are not blown up. In squares of what the network reads.
   * @default 5e-4
   */
  epsilon?: number;
}

/** Numbers in arrays within arrays, an array for each axis. */
export type NestedNumbers = Float32Array | Float64Array | readonly number[] | readonly NestedNumbers[];

/** Names of initialisers that need no options. */
export type InitializerName =
  | 'glorotUniform'
  | 'glorotNormal'
  | 'heUniform'
  | 'heNormal'
  | 'lecunUniform'
  | 'lecunNormal'
  | 'orthogonal'
  | 'truncatedNormal'
  | 'randomNormal'
  | 'randomUniform'
  | 'zeros'
  | 'ones'
  | 'dirac'
  | 'identity'
  | 'whitening';

/** An initialiser as plain data: what the functions of `initializers` give, and what saved models hold. */
export interface InitializerConfig {
  readonly type: InitializerName | 'constant' | 'values';
  readonly [option: string]: unknown;
}

/** How a layer is told to fill a new parameter: by name, by what `initializers` gives, or by the values themselves. */
export type InitializerOption = InitializerName | InitializerConfig | NestedNumbers;
