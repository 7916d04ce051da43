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

export interface UniformOptions {
  /** @default -0.05 */
  min?: number;
  /** @default 0.05 */
  max?: number;
}

export interface ConstantOptions {
  value: number;
}

export interface GainOptions {
  /**
   * Factor of all values.
   * @default 1
   */
  gain?: number;
}

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
  | 'identity';

/** An initialiser as plain data: what the functions of `initializers` give, and what saved models hold. */
export interface InitializerConfig {
  readonly type: InitializerName | 'constant' | 'values';
  readonly [option: string]: unknown;
}

/** How a layer is told to fill a new parameter: by name, by what `initializers` gives, or by the values themselves. */
export type InitializerOption = InitializerName | InitializerConfig | NestedNumbers;
