import { configured } from './from-option.js';
import type {
  ConstantOptions,
  GainOptions,
  InitializerConfig,
  InitializerName,
  NestedNumbers,
  NormalOptions,
  UniformOptions,
} from './options.js';

/** Plain data that names an initialiser and its options, checked. */
function make(type: InitializerName | 'constant' | 'values', options: object = {}): InitializerConfig {
  return Object.freeze(configured(`initializers.${type}`, type, options as Record<string, unknown>).config);
}

/**
 * Initialisers by name, for `kernelInitializer` and `biasInitializer` of layers. Kernels are `[outputs, inputs, ...taps]`; fanIn is
 * inputs * taps, fanOut is outputs * taps. All draw from the model's seed and the parameter's place in the model.
 */
export const initializers = {
  /** Uniform in ±sqrt(6 / (fanIn + fanOut)): Glorot and Bengio, 2010; the default of Keras. */
  glorotUniform: (): InitializerConfig => make('glorotUniform'),
  /** Normal of variance 2 / (fanIn + fanOut), cut off at twice the deviation. */
  glorotNormal: (): InitializerConfig => make('glorotNormal'),
  /** Uniform in ±sqrt(6 / fanIn): for relu; He, Zhang, Ren, Sun, 2015. */
  heUniform: (): InitializerConfig => make('heUniform'),
  /** Normal of variance 2 / fanIn, cut off at twice the deviation: for relu. */
  heNormal: (): InitializerConfig => make('heNormal'),
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
  /** Output channel k is input channel k, outputs beyond the inputs are zero: for kernels only. Convolutions keep the image. */
  dirac: (options?: GainOptions): InitializerConfig => make('dirac', options),
  /** The same under the name it has for matrices. */
  identity: (options?: GainOptions): InitializerConfig => make('identity', options),
  /** Values of one's own, as many as the parameter has; layers also take the array itself. */
  values: (values: NestedNumbers): InitializerConfig => make('values', { values }),
} as const;

export type {
  ConstantOptions,
  GainOptions,
  InitializerConfig,
  InitializerName,
  InitializerOption,
  NestedNumbers,
  NormalOptions,
  UniformOptions,
} from './options.js';
