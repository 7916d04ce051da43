import { fanIn, varianceScaling } from './variance-scaling.js';

/**
 * Uniform in ±sqrt(3 / fanIn), so that outputs vary as much as inputs (LeCun, Bottou, Orr, Müller: "Efficient BackProp", 1998). Kernels are
 * `[outputs, inputs, ...taps]`; fanIn counts inputs and taps.
 *
 * Measured on LeNet-5 and MNIST against Glorot's, He's and PyTorch's rules: docs/performance.md.
 */
export const lecunUniform = varianceScaling('uniform', 1, fanIn);
