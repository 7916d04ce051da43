import { PLAIN_ACTIVATIONS } from '../program/fused-activation.js';
import { either, integer, kind, list, names, number, object, type Schema, text, yesNo } from './schema.js';

const MOST_SIZE = 2 ** 20 - 1;

const size = (minimum = 1) => integer(minimum, { maximum: MOST_SIZE });
const pairFrom = (minimum: number) =>
  either([size(minimum), list(size(minimum), { minItems: 2, maxItems: 2 })], {
    description: 'One number for both axes, or [height, width].',
  });
const pair = pairFrom(1);
const sides = either([
  size(0),
  list(size(0), { minItems: 2, maxItems: 2 }),
  list(size(0), { minItems: 4, maxItems: 4 }),
]);
const padding = (words: readonly string[]) =>
  either([names(words), size(0), list(size(0), { minItems: 4, maxItems: 4 })], {
    description: 'Words, one number for all sides, or [top, bottom, left, right].',
  });

const slope = { negativeSlope: number({ minimum: 0 }, { default: 0.01 }) };
const alpha = { alpha: number({ minimum: 0 }, { default: 1 }) };
const elementwise = [names([...PLAIN_ACTIVATIONS, 'leakyRelu', 'elu']), kind('leakyRelu', slope), kind('elu', alpha)];
const activation = either(elementwise, { default: 'linear' });
const anyActivation = either([
  names([...PLAIN_ACTIVATIONS, 'leakyRelu', 'elu', 'softmax', 'logSoftmax']),
  ...elementwise.slice(1),
]);

const spread = { mean: number({}, { default: 0 }), stddev: number({ minimum: 0 }, { default: 0.05 }) };
const gain = { gain: number({}, { default: 1 }) };
const slopes = { negativeSlope: number({ minimum: 0 }, { default: 0 }) };
const PLAIN_INITIALIZERS = ['glorotUniform', 'glorotNormal', 'lecunUniform', 'lecunNormal', 'zeros', 'ones'] as const;
const FILLING_INITIALIZERS = [
  ...PLAIN_INITIALIZERS,
  ...(['heUniform', 'heNormal', 'orthogonal', 'truncatedNormal', 'randomNormal', 'randomUniform'] as const),
];
const fillingKinds = [
  ...PLAIN_INITIALIZERS.map((name) => kind(name)),
  kind('heUniform', slopes),
  kind('heNormal', slopes),
  kind('orthogonal', gain),
  kind('truncatedNormal', spread),
  kind('randomNormal', spread),
  kind('randomUniform', { min: number({}, { default: -0.05 }), max: number({}, { default: 0.05 }) }),
  kind('constant', { 'value!': number() }),
];
const fillingInitializer = either([names(FILLING_INITIALIZERS), ...fillingKinds], {
  description: 'First values of the outputs beyond the inputs; zeros, when left out.',
});
const initializer = either([
  names([...FILLING_INITIALIZERS, 'dirac', 'identity', 'whitening']),
  ...fillingKinds,
  kind('dirac', { ...gain, rest: fillingInitializer }),
  kind('identity', { ...gain, rest: fillingInitializer }),
  kind('whitening', {
    samples: integer(1, { default: 5000, description: 'So many of the first samples of the training set.' }),
    epsilon: number({ minimum: 1e-12 }, { default: 5e-4, description: 'Added to eigenvalues.' }),
  }),
]);
const regularizer = object({ l1: number({ minimum: 0 }, { default: 0 }), l2: number({ minimum: 0 }, { default: 0 }) });

const trained = {
  trainable: yesNo({ default: true }),
  learningRateFactor: number({ minimum: 0 }, { default: 1 }),
};
const weights = {
  ...trained,
  useBias: yesNo({ default: true }),
  kernelInitializer: initializer,
  biasInitializer: initializer,
  kernelTrainable: yesNo({ default: true, description: 'false freezes the kernel alone.' }),
  kernelRegularizer: regularizer,
  biasRegularizer: regularizer,
};
const convolution = {
  'kernelSize!': pair,
  strides: pair,
  padding: padding(['valid', 'same', 'full']),
  dilation: pair,
  activation,
  ...weights,
};
const window = {
  poolSize: pair,
  strides: pair,
  padding: padding(['valid', 'same']),
  ceilMode: yesNo({ default: false }),
};
const epsilon = { epsilon: number({ minimum: 1e-12 }) };
const affine = { scale: yesNo({ default: true }), center: yesNo({ default: true }), ...trained };
const random = { seed: integer(0) };
const rate = { 'rate!': number({ minimum: 0, exclusiveMaximum: 1 }) };

/** What many layers refer to. */
export const LAYER_DEFINITIONS: Readonly<Record<string, Schema>> = {
  pair,
  sides,
  activation,
  anyActivation,
  initializer,
  fillingInitializer,
  regularizer,
};

/** Options of every layer there is, by its name. */
export const LAYER_OPTIONS: Readonly<Record<string, Readonly<Record<string, Schema>>>> = {
  conv2d: { 'filters!': size(), groups: size(), flip: yesNo({ default: false }), ...convolution },
  depthwiseConv2d: { depthMultiplier: size(), ...convolution },
  separableConv2d: { 'filters!': size(), depthMultiplier: size(), ...convolution },
  conv2dTranspose: { 'filters!': size(), outputPadding: pairFrom(0), groups: size(), ...convolution },
  maxPooling2d: { ...window, dilation: pair },
  averagePooling2d: { ...window, countIncludePad: yesNo() },
  globalAveragePooling2d: {},
  globalMaxPooling2d: {},
  adaptiveAveragePooling2d: { 'outputSize!': pair },
  adaptiveMaxPooling2d: { 'outputSize!': pair },
  upSampling2d: { size: pair, interpolation: names(['nearest', 'bilinear'], { default: 'nearest' }) },
  zeroPadding2d: { padding: sides },
  cropping2d: { 'cropping!': sides },
  batchNormalization: { momentum: number({ minimum: 0, maximum: 1 }), ...epsilon, ...affine },
  layerNormalization: { ...epsilon, ...affine },
  groupNormalization: { 'groups!': size(), ...epsilon, ...affine },
  instanceNormalization: { ...epsilon, ...affine },
  localResponseNormalization: {
    size: size(),
    alpha: number({ minimum: 0 }),
    beta: number({ minimum: 0 }),
    k: number({ minimum: 1e-12 }),
  },
  add: {},
  multiply: {},
  average: {},
  maximum: {},
  concatenate: { axis: integer(0) },
  rescaling: { 'scale!': number(), offset: number({}, { default: 0 }) },
  reshape: { 'targetShape!': list(integer(-1), { minItems: 1, maxItems: 4 }) },
  permute: { 'axes!': list(integer(0), { minItems: 1, maxItems: 4 }) },
  dense: { 'units!': size(), activation: anyActivation, ...weights },
  flatten: {},
  activation: { 'activation!': anyActivation },
  ...Object.fromEntries([...PLAIN_ACTIVATIONS, 'softmax', 'logSoftmax'].map((name) => [name, {}])),
  leakyRelu: slope,
  elu: alpha,
  prelu: { shared: yesNo(), ...trained },
  dropout: { ...rate, ...random },
  spatialDropout2d: { ...rate, ...random },
  gaussianNoise: { 'stddev!': number({ minimum: 0 }), ...random },
};

const common = {
  name: text({ pattern: '^[\\w.-]+$', description: 'letters, digits, _, . or -' }),
  inputs: list(text(), {
    minItems: 1,
    description: "Names of the layers it reads, or 'input'. The layer before, when left out.",
  }),
};

export const layerSchema = either(
  Object.entries(LAYER_OPTIONS).map(([type, options]) => kind(type, { ...options, ...common })),
);
