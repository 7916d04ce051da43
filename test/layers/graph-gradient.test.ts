import { layers, type SymbolicTensor } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

testGradients(
  'gradients meet where a tensor has several readers',
  () => [
    {
      name: 'an identity shortcut around two convolutions',
      inputShape: [4, 5, 6],
      layers: (input) => {
        const x = layers.conv2d({ filters: 4, kernelSize: 1, activation: 'tanh' }).apply(input);
        let y = layers.conv2d({ filters: 4, kernelSize: 3, padding: 1, activation: 'relu' }).apply(x);
        y = layers.conv2d({ filters: 4, kernelSize: 3, padding: 1 }).apply(y);
        y = layers.activation({ activation: 'relu' }).apply(layers.add().apply([y, x]));
        return layers.dense({ units: 3 }).apply(layers.flatten().apply(y));
      },
      samples: 18,
    },
    {
      name: 'a sum of a tensor with itself and an input read three times',
      inputShape: [6],
      layers: (input) => {
        const a = layers.dense({ units: 5, activation: 'tanh' }).apply(input);
        const b = layers.dense({ units: 5, activation: 'sigmoid' }).apply(input);
        const c = layers.dense({ units: 5 }).apply(input);
        const twice = layers.add().apply([a, a]);
        return layers.dense({ units: 4 }).apply(layers.add().apply([twice, b, c, a]));
      },
      samples: 33,
    },
    {
      name: 'residual blocks with batch normalisation, with and without a projection',
      inputShape: [3, 5, 4],
      layers: (input) => {
        const narrow = residualBlock(residualBlock(input, 4, 1), 4, 1);
        return layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d().apply(residualBlock(narrow, 6, 2)));
      },
      samples: 19,
      wholeBatch: true,
    },
    {
      name: 'residual blocks of Winograd convolutions',
      inputShape: [16, 4, 8],
      layers: (input) =>
        layers.dense({ units: 3 }).apply(layers.globalAveragePooling2d().apply(residualBlock(input, 16, 1))),
      samples: 17,
      wholeBatch: true,
    },
    {
      name: 'a convolution read by convolutions whose data gradients meet',
      inputShape: [2, 4, 4],
      layers: (input) => {
        const x = layers.conv2d({ filters: 16, kernelSize: 1, activation: 'tanh' }).apply(input);
        const branches = [
          layers.conv2d({ filters: 16, kernelSize: 3, padding: 1 }).apply(x),
          layers.conv2d({ filters: 16, kernelSize: 5, padding: 2, groups: 4 }).apply(x),
          layers.conv2d({ filters: 16, kernelSize: 3, padding: 1, activation: 'tanh' }).apply(x),
        ];
        return layers.dense({ units: 3 }).apply(layers.flatten().apply(layers.add().apply(branches)));
      },
      samples: 18,
    },
    {
      name: 'a layer applied twice',
      inputShape: [5],
      layers: (input) => {
        const shared = layers.dense({ units: 5, activation: 'tanh' });
        return layers.dense({ units: 3 }).apply(shared.apply(shared.apply(input)));
      },
      samples: 7,
    },
  ],
  313,
);

function residualBlock(x: SymbolicTensor, filters: number, strides: number): SymbolicTensor {
  const convolution = (kernelSize: number, step: number) =>
    layers.conv2d({ filters, kernelSize, strides: step, padding: (kernelSize - 1) / 2, useBias: false });
  const normalize = (y: SymbolicTensor) => layers.batchNormalization().apply(y);
  const relu = (y: SymbolicTensor) => layers.activation({ activation: 'relu' }).apply(y);
  const y = normalize(convolution(3, 1).apply(relu(normalize(convolution(3, strides).apply(x)))));
  const same = strides === 1 && x.shape[0] === filters;
  const shortcut = same ? x : normalize(convolution(1, strides).apply(x));
  return relu(layers.add().apply([y, shortcut]));
}
