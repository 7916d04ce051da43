import { type Layer, layers } from 'cnnative';
import type { SymbolicTensor } from '#lib/layers/symbolic-tensor.js';
import type { NetworkLayers } from './test-network.js';

/** A network to be predicted with few samples. */
export interface FewSamplesCase {
  readonly inputShape: readonly number[];
  readonly layers: NetworkLayers;
  readonly others?: readonly (readonly number[])[];
  /** Whether an operation has no kernel for lanes of channels, so that all of them run with lanes of samples. */
  readonly samplesInLanes?: boolean;
}

const relu = () => layers.activation({ activation: 'relu' });
const conv = (filters: number, kernelSize = 3, strides = 1) =>
  layers.conv2d({ filters, kernelSize, strides, padding: 'same', useBias: false });

function through(x: SymbolicTensor, all: readonly Layer[]): SymbolicTensor {
  return all.reduce((value, layer) => layer.apply(value), x);
}

/** Two convolutions beside what they read, or beside a convolution of it where the shape changes. */
function residual(x: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const norm = () => layers.batchNormalization();
  const inner = through(x, [conv(filters, 3, strides), norm(), relu(), conv(filters), norm()]);
  const around = strides > 1 ? through(x, [conv(filters, 1, strides), norm()]) : x;
  return relu().apply(layers.add().apply([inner, around]));
}

/** What may stand in a network, each with the shapes its kernels find hardest: channels in parts of blocks, odd images. */
export const fewSamplesCases: Readonly<Record<string, FewSamplesCase>> = {
  'batch norm behind pooling and sums': {
    inputShape: [3, 11, 9],
    layers: (x) => {
      const pooled = through(x, [
        conv(20),
        layers.maxPooling2d({ padding: 'same' }),
        layers.batchNormalization(),
        relu(),
      ]);
      const sum = layers.add().apply([pooled, conv(20, 1).apply(pooled)]);
      return through(sum, [
        layers.batchNormalization(),
        layers.averagePooling2d(),
        layers.flatten(),
        layers.dense({ units: 7 }),
      ]);
    },
  },
  'residual blocks': {
    inputShape: [3, 9, 9],
    layers: (x) => {
      const first = through(x, [conv(17), layers.batchNormalization(), relu()]);
      const blocks = residual(residual(residual(first, 17, 1), 33, 2), 33, 1);
      return through(blocks, [layers.globalAveragePooling2d(), layers.dense({ units: 5, activation: 'softmax' })]);
    },
  },
  'layers that are applied twice': {
    inputShape: [6, 7, 7],
    layers: (x) => {
      const shared = layers.conv2d({ filters: 6, kernelSize: 3, padding: 'same', activation: 'relu' });
      const norm = layers.batchNormalization();
      const twice = norm.apply(shared.apply(norm.apply(shared.apply(x))));
      const dense = layers.dense({ units: 9, activation: 'tanh' });
      const other = layers.dense({ units: 9 });
      const flat = dense.apply(layers.flatten().apply(twice));
      return other.apply(other.apply(flat));
    },
  },
  'sigmoid and tanh': {
    inputShape: [5, 8, 6],
    layers: [
      layers.conv2d({ filters: 18, kernelSize: 3, strides: [2, 1], activation: 'sigmoid' }),
      layers.conv2d({ filters: 5, kernelSize: 1, activation: 'tanh' }),
      layers.flatten(),
      layers.dense({ units: 21, activation: 'sigmoid' }),
      layers.dense({ units: 3, activation: 'tanh' }),
    ],
  },
  'an image at the end': {
    inputShape: [4, 6, 7],
    layers: [
      layers.conv2d({ filters: 19, kernelSize: 5, padding: 'same', activation: 'relu' }),
      layers.batchNormalization(),
    ],
  },
  'one pixel at the end': { inputShape: [3, 5, 5], layers: [layers.conv2d({ filters: 23, kernelSize: 5 })] },
  'an image of one channel at the end': { inputShape: [20, 5, 9], layers: [conv(1, 3, 3)] },
  'dense layers alone': {
    inputShape: [37],
    layers: [
      layers.dense({ units: 40, activation: 'relu' }),
      layers.batchNormalization(),
      layers.dense({ units: 33, useBias: false }),
      layers.activation({ activation: 'tanh' }),
      layers.batchNormalization(),
      layers.dense({ units: 10, activation: 'softmax' }),
    ],
  },
  'depthwise convolutions': {
    inputShape: [3, 9, 10],
    layers: [
      conv(24, 3, 2),
      layers.conv2d({ filters: 24, kernelSize: 3, padding: 'same', groups: 24 }),
      layers.batchNormalization(),
      relu(),
      conv(40, 1),
      layers.conv2d({ filters: 40, kernelSize: 5, strides: 2, padding: 2, groups: 40, activation: 'relu' }),
      layers.globalAveragePooling2d(),
    ],
  },
  'grouped convolutions': {
    inputShape: [4, 7, 7],
    layers: [
      conv(16),
      layers.conv2d({ filters: 24, kernelSize: 3, groups: 4 }),
      relu(),
      layers.flatten(),
      layers.dense({ units: 6 }),
    ],
    samplesInLanes: true,
  },
  'dilated, depthwise and separable convolutions': {
    inputShape: [18, 9, 8],
    layers: [
      layers.conv2d({ filters: 20, kernelSize: 3, padding: 'full', dilation: [2, 1], activation: 'relu' }),
      layers.depthwiseConv2d({ kernelSize: [3, 5], padding: 'same', dilation: [1, 2] }),
      layers.separableConv2d({ filters: 17, kernelSize: 3, strides: 2, activation: 'tanh' }),
      layers.flatten(),
    ],
  },
  'flipped kernels': {
    inputShape: [5, 7, 6],
    layers: [
      layers.conv2d({ filters: 17, kernelSize: [2, 3], strides: [1, 2], padding: 2, flip: true }),
      layers.conv2d({ filters: 17, kernelSize: 3, groups: 17, flip: true }),
      conv(4, 1),
    ],
  },
  'transposed convolutions': {
    inputShape: [5, 4, 3],
    layers: [
      conv(17),
      layers.conv2dTranspose({ filters: 16, kernelSize: 3, activation: 'relu' }),
      layers.batchNormalization(),
      layers.conv2dTranspose({ filters: 3, kernelSize: 4, strides: 2, padding: 1, activation: 'sigmoid' }),
    ],
    samplesInLanes: true,
  },
  'a depthwise convolution to more filters than channels': {
    inputShape: [6, 7, 7],
    layers: [layers.conv2d({ filters: 12, kernelSize: 3, groups: 6 }), layers.flatten()],
    samplesInLanes: true,
  },
  'two inputs': {
    inputShape: [3, 6, 5],
    layers: (image, ...others) => {
      const seen = through(image, [conv(17), relu(), layers.flatten(), layers.dense({ units: 20 })]);
      const told = others.map((row) => layers.dense({ units: 20, activation: 'sigmoid' }).apply(row));
      return layers.dense({ units: 4 }).apply(layers.add().apply([seen, ...told]));
    },
    others: [[9], [18]],
  },
};
