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
  'batch norms without scale or shift': {
    inputShape: [3, 6, 7],
    layers: [
      layers.batchNormalization({ scale: false }),
      conv(18),
      layers.batchNormalization({ center: false }),
      relu(),
      layers.maxPooling2d(),
      layers.batchNormalization({ scale: false, center: false }),
      layers.flatten(),
      layers.dense({ units: 6 }),
      layers.batchNormalization({ scale: false }),
    ],
  },
  'activations with a parameter or a gradient of x': {
    inputShape: [5, 8, 6],
    layers: [
      layers.conv2d({ filters: 18, kernelSize: 3, activation: { type: 'leakyRelu', negativeSlope: 0.2 } }),
      layers.conv2d({ filters: 5, kernelSize: 1, activation: 'gelu' }),
      layers.mish(),
      layers.flatten(),
      layers.dense({ units: 21, activation: { type: 'elu', alpha: 0.5 } }),
      layers.dense({ units: 3, activation: 'hardSwish' }),
    ],
  },
  'prelu, which has no lanes of channels': {
    inputShape: [5, 8, 6],
    layers: [
      layers.conv2d({ filters: 18, kernelSize: 3 }),
      layers.prelu(),
      layers.flatten(),
      layers.dense({ units: 3 }),
    ],
    samplesInLanes: true,
  },
  'logSoftmax, which has no lanes of channels': {
    inputShape: [21],
    layers: [layers.dense({ units: 19, activation: 'logSoftmax' })],
    samplesInLanes: true,
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
  'merged branches': {
    inputShape: [3, 7, 6],
    layers: (x) => {
      const branch = () => through(x, [conv(20), relu()]);
      const gate = layers.conv2d({ filters: 20, kernelSize: 1, activation: 'sigmoid' }).apply(branch());
      const product = layers.multiply().apply([branch(), gate, branch()]);
      const largest = layers.maximum().apply([product, conv(20).apply(x), branch()]);
      const mean = layers.average().apply([largest, branch(), gate]);
      return through(mean, [conv(18), layers.globalAveragePooling2d(), layers.dense({ units: 4 })]);
    },
  },
  'tensors that meet between blocks of channels, and rows and columns behind one another': {
    inputShape: [3, 7, 6],
    layers: (x) => {
      const [a, b, c] = [conv(16).apply(x), conv(32).apply(x), conv(5).apply(x)];
      const wide = conv(19).apply(layers.concatenate().apply([a, b, c]));
      const rows = layers.concatenate({ axis: 1 }).apply([wide, layers.maxPooling2d({ poolSize: [2, 1] }).apply(wide)]);
      const both = conv(4).apply(layers.concatenate({ axis: 2 }).apply([rows, rows]));
      const flat = [layers.dense({ units: 32 }), layers.dense({ units: 7 })].map((dense) =>
        dense.apply(layers.flatten().apply(both)),
      );
      return layers.dense({ units: 5 }).apply(layers.concatenate().apply(flat));
    },
  },
  'tensors that meet within a block of channels': {
    inputShape: [3, 5, 6],
    layers: (x) => conv(4).apply(layers.concatenate().apply([conv(17).apply(x), conv(16).apply(x)])),
    samplesInLanes: true,
  },
  'normalisations of each sample': {
    inputShape: [4, 5, 6],
    layers: [
      layers.layerNormalization(),
      conv(6),
      layers.groupNormalization({ groups: 2 }),
      relu(),
      conv(5),
      layers.instanceNormalization(),
      layers.localResponseNormalization(),
      layers.permute({ axes: [1, 0, 2] }),
      layers.reshape({ targetShape: [6, 25] }),
    ],
    samplesInLanes: true,
  },
  'images pooled, enlarged, padded and cropped': {
    inputShape: [3, 9, 8],
    layers: [
      conv(18),
      layers.maxPooling2d({ poolSize: 2, strides: 1, dilation: 2, ceilMode: true }),
      layers.upSampling2d({ size: [1, 2], interpolation: 'bilinear' }),
      layers.zeroPadding2d({ padding: [0, 1, 2, 0] }),
      conv(5),
      layers.averagePooling2d({ poolSize: 3, strides: 2, padding: 1, ceilMode: true, countIncludePad: true }),
      layers.upSampling2d({ size: 3 }),
      layers.cropping2d({ cropping: [1, 2, 0, 3] }),
      layers.adaptiveAveragePooling2d({ outputSize: [4, 5] }),
      layers.adaptiveMaxPooling2d({ outputSize: [3, 4] }),
      conv(19, 2),
      layers.globalMaxPooling2d(),
    ],
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
