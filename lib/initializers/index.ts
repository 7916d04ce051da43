import { configured } from './from-option.js';
import type {
  ConstantOptions,
  DiracOptions,
  GainOptions,
  HeOptions,
  InitializerConfig,
  InitializerName,
  NestedNumbers,
  NormalOptions,
  UniformOptions,
  WhiteningOptions,
} from './options.js';

/** Plain data that names an initialiser and its options, checked. */
function make(type: InitializerName | 'constant' | 'values', options: object = {}): InitializerConfig {
  return Object.freeze(configured(`initializers.${type}`, type, options as Record<string, unknown>).config);
}

/**
 * Initialisers by name, for `kernelInitializer` and `biasInitializer` of layers. Kernels are `[outputs, inputs, ...taps]`; fanIn is
 * inputs * taps, fanOut is outputs * taps. All draw from the model's seed and the parameter's place in the model.
 *
 * @namespace
 */
export const initializers = {
  /** Uniform in ±sqrt(6 / (fanIn + fanOut)): Glorot and Bengio, 2010; the default of Keras. */
  glorotUniform: (): InitializerConfig => make('glorotUniform'),
  /** Normal of variance 2 / (fanIn + fanOut), cut off at twice the deviation. */
  glorotNormal: (): InitializerConfig => make('glorotNormal'),
  /** Uniform in ±sqrt(6 / fanIn): for relu; He, Zhang, Ren, Sun, 2015. */
  heUniform: (options?: HeOptions): InitializerConfig => make('heUniform', options),
  /** Normal of variance 2 / fanIn, cut off at twice the deviation: for relu. */
  heNormal: (options?: HeOptions): InitializerConfig => make('heNormal', options),
  /** Uniform in ±sqrt(3 / fanIn): the default of kernels; LeCun, Bottou, Orr, Müller, 1998. */
  lecunUniform: (): InitializerConfig => make('lecunUniform'),
  /** Normal of variance 1 / fanIn, cut off at twice the deviation: for selu. */
  lecunNormal: (): InitializerConfig => make('lecunNormal'),
  /** Rows of length `gain`, each at right angles to all others, or columns where these are fewer: for kernels only. */
  orthogonal: (options?: GainOptions): InitializerConfig => make('orthogonal', options),
  /** Normal; values more than two deviations from the mean are drawn again. */
  truncatedNormal: (options?: NormalOptions): InitializerConfig => make('truncatedNormal', options),
  /** Normal: `{ stddev: 1e-4 }` is a scale times a standard normal. */
  randomNormal: (options?: NormalOptions): InitializerConfig => make('randomNormal', options),
  /** Uniform from `min` to `max`. */
  randomUniform: (options?: UniformOptions): InitializerConfig => make('randomUniform', options),
  /** Zero everywhere: the default of biases. */
  zeros: (): InitializerConfig => make('zeros'),
  /** One everywhere. */
  ones: (): InitializerConfig => make('ones'),
  /** One value everywhere. */
  constant: (options: ConstantOptions): InitializerConfig => make('constant', options),
  /**
   * Output channel k is input channel k, of each group for itself, outputs beyond the inputs are zero or what `rest` says: for kernels
   * only. Convolutions keep the image.
   */
  dirac: (options?: DiracOptions): InitializerConfig => make('dirac', options),
  /** The same under the name it has for matrices. */
  identity: (options?: DiracOptions): InitializerConfig => make('identity', options),
  /**
   * Filters that whiten the images a `conv2d` reads: eigenvectors of the covariance of windows, by sqrt(eigenvalue + epsilon), and the
   * same ones negated; at most two filters for each value of a window. Only for the kernel of a `conv2d` with one group that reads an
   * input of the model. The first training fills it from its data; until then it is as `lecunUniform`.
   */
  whitening: (options?: WhiteningOptions): InitializerConfig => make('whitening', options),
  /** Values of one's own, as many as the parameter has; layers also take the array itself. */
  values: (values: NestedNumbers): InitializerConfig => make('values', { values }),
} as const;

export type {
  ConstantOptions,
  DiracOptions,
  GainOptions,
  HeOptions,
  InitializerConfig,
  InitializerName,
  InitializerOption,
  NestedNumbers,
  NormalOptions,
  UniformOptions,
  WhiteningOptions,
} from './options.js';
