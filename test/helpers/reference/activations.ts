import type { ElementwiseActivation } from 'cnnative';

/** An activation in double: its value, its derivative as PyTorch has it, and how exactly float32 kernels meet the value. */
export interface ActivationTruth {
  readonly activation: ElementwiseActivation;
  readonly value: (x: number) => number;
  /** By x. */
  readonly derivative: (x: number) => number;
  /** Units in the last place. */
  readonly ulps: number;
  /** A result below this may be zero, because a factor of it is below the smallest normal number. */
  readonly smallest: number;
}

const NORMAL = 2 ** -126;
/** x e^x, where e^x vanishes below -87.3. */
const PRODUCT = 88 * NORMAL;

const sigmoid = (x: number) => 1 / (1 + Math.exp(-x));
const clip = (x: number, least: number, most: number) => Math.min(most, Math.max(least, x));
const [SCALE, ALPHA] = [1.0507009873554805, 1.6732632423543772];
const SLOPE = Math.sqrt(2 / Math.PI);

/** Of geluTanh: the tanh's argument, and its derivative. */
const inner = (x: number) => SLOPE * (x + 0.044715 * x ** 3);
const innerDerivative = (x: number) => SLOPE * (1 + 3 * 0.044715 * x ** 2);

const softplus = (x: number) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

function elu(alpha: number): Pick<ActivationTruth, 'value' | 'derivative'> {
  return {
    value: (x) => (x > 0 ? x : alpha * Math.expm1(x)),
    derivative: (x) => (x > 0 ? 1 : alpha * Math.exp(x)),
  };
}

function leakyRelu(slope: number): Pick<ActivationTruth, 'value' | 'derivative'> {
  return { value: (x) => (x > 0 ? x : slope * x), derivative: (x) => (x > 0 ? 1 : slope) };
}

/**
 * The probability that a standard normal variable is below x. Near zero by the series of the error function, elsewhere by the
 * trapezoidal rule with the correction of its pole: Chiarella and Reichel, "On the evaluation of integrals related to the error
 * function", 1968.
 */
export function normalProbability(x: number): number {
  if (Math.abs(x) > 40) return x < 0 ? 0 : 1;
  const z = Math.abs(x) / Math.SQRT2;
  if (z < 0.5) {
    let term = z;
    let sum = z;
    for (let n = 1; n < 30; n++) {
      term *= -(z * z) / n;
      sum += term / (2 * n + 1);
    }
    return 0.5 + (Math.sign(x) * sum) / Math.sqrt(Math.PI);
  }
  const h = 0.5;
  let sum = 1 / (z * z);
  for (let n = 1; n < 60; n++) sum += (2 * Math.exp(-n * n * h * h)) / (n * n * h * h + z * z);
  const pole = z < Math.PI / h ? 2 / Math.expm1((2 * Math.PI * z) / h) : 0;
  const tail = ((h * z * Math.exp(-z * z)) / Math.PI) * sum - pole;
  return x < 0 ? tail / 2 : 1 - tail / 2;
}

const density = (x: number) => Math.exp(-x * x * 0.5) / Math.sqrt(2 * Math.PI);

const exact = { ulps: 0, smallest: NORMAL };
const close = { ulps: 4, smallest: NORMAL };

/** Every activation of each element alone. */
export const ACTIVATION_TRUTHS: readonly ActivationTruth[] = [
  { activation: 'linear', value: (x) => x, derivative: () => 1, ...exact },
  { activation: 'relu', value: (x) => Math.max(x, 0), derivative: (x) => (x > 0 ? 1 : 0), ...exact },
  { activation: 'relu6', value: (x) => clip(x, 0, 6), derivative: (x) => (x > 0 && x < 6 ? 1 : 0), ...exact },
  { activation: 'leakyRelu', ...leakyRelu(0.01), ulps: 1, smallest: NORMAL },
  { activation: { type: 'leakyRelu', negativeSlope: 0.25 }, ...leakyRelu(0.25), ...exact },
  { activation: { type: 'leakyRelu', negativeSlope: 0 }, ...leakyRelu(0), ...exact },
  { activation: 'elu', ...elu(1), ...close },
  { activation: { type: 'elu', alpha: 1.5 }, ...elu(1.5), ...close },
  {
    activation: 'selu',
    value: (x) => SCALE * elu(ALPHA).value(x),
    derivative: (x) => SCALE * elu(ALPHA).derivative(x),
    ...close,
  },
  {
    activation: 'gelu',
    value: (x) => x * normalProbability(x),
    derivative: (x) => normalProbability(x) + x * density(x),
    ulps: 5,
    smallest: PRODUCT,
  },
  {
    // (1 + tanh u) / 2 as a sigmoid: it would cancel.
    activation: 'geluTanh',
    value: (x) => x * sigmoid(2 * inner(x)),
    derivative: (x) =>
      sigmoid(2 * inner(x)) + 2 * x * sigmoid(2 * inner(x)) * sigmoid(-2 * inner(x)) * innerDerivative(x),
    // What rounding takes from the exponent, which reaches 87, is a part of the result.
    ulps: 200,
    smallest: PRODUCT,
  },
  {
    activation: 'silu',
    value: (x) => x * sigmoid(x),
    derivative: (x) => sigmoid(x) * (1 + x * sigmoid(-x)),
    ulps: 4,
    smallest: PRODUCT,
  },
  {
    activation: 'mish',
    value: (x) => x * Math.tanh(softplus(x)),
    derivative: (x) => Math.tanh(softplus(x)) + x * sigmoid(x) * (1 - Math.tanh(softplus(x)) ** 2),
    ulps: 4,
    smallest: PRODUCT,
  },
  {
    activation: 'hardSwish',
    value: (x) => x * (clip(x + 3, 0, 6) / 6),
    derivative: (x) => (x <= -3 ? 0 : x >= 3 ? 1 : x / 3 + 0.5),
    ulps: 2,
    smallest: NORMAL,
  },
  {
    activation: 'hardSigmoid',
    value: (x) => clip(x + 3, 0, 6) / 6,
    derivative: (x) => (x > -3 && x < 3 ? 1 / 6 : 0),
    ulps: 1,
    smallest: NORMAL,
  },
  { activation: 'sigmoid', value: sigmoid, derivative: (x) => sigmoid(x) * sigmoid(-x), ...close },
  { activation: 'tanh', value: Math.tanh, derivative: (x) => 1 - Math.tanh(x) ** 2, ...close },
  { activation: 'softplus', value: softplus, derivative: sigmoid, ...close },
  {
    activation: 'softsign',
    value: (x) => x / (1 + Math.abs(x)),
    derivative: (x) => 1 / (1 + Math.abs(x)) ** 2,
    ulps: 1,
    smallest: NORMAL,
  },
];

/** A text for an activation, in the titles of tests. */
export function nameOf(activation: ElementwiseActivation): string {
  return typeof activation === 'string' ? activation : JSON.stringify(activation);
}
