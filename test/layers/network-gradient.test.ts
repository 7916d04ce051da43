import { layers } from 'cnnative';
import { testGradients } from '../helpers/gradient-check.js';

testGradients(
  'gradients of whole networks match central differences',
  () => [
    {
      name: 'a small LeNet',
      inputShape: [1, 13, 11],
      layers: [
        layers.conv2d({ filters: 6, kernelSize: 5, padding: 'same', activation: 'relu' }),
        layers.maxPooling2d({ poolSize: 2 }),
        layers.conv2d({ filters: 9, kernelSize: 3, activation: 'relu' }),
        layers.maxPooling2d({ poolSize: 2, padding: 'same' }),
        layers.flatten(),
        layers.dense({ units: 19, activation: 'relu' }),
        layers.dense({ units: 10, activation: 'softmax' }),
      ],
      samples: 40,
    },
    {
      name: 'convolutions of convolutions, strided',
      inputShape: [3, 11, 9],
      layers: [
        layers.conv2d({ filters: 5, kernelSize: 3, strides: 2, padding: 1, activation: 'tanh' }),
        layers.conv2d({ filters: 7, kernelSize: [2, 3], strides: [1, 3], padding: 2, useBias: false }),
        layers.conv2d({ filters: 4, kernelSize: 1, activation: 'sigmoid' }),
        layers.conv2d({ filters: 6, kernelSize: 3, strides: 3, padding: [2, 1, 1, 2], activation: 'relu' }),
        layers.flatten(),
        layers.dense({ units: 5 }),
      ],
      samples: 17,
    },
    {
      // More than 32 lane groups: a partial sum covers two of them, the last one a single one.
      name: 'a batch of many blocks',
      inputShape: [2, 4, 5],
      layers: [
        layers.conv2d({ filters: 3, kernelSize: 3, padding: 'same', activation: 'tanh' }),
        layers.maxPooling2d({ poolSize: [2, 3], strides: [2, 1] }),
        layers.flatten(),
        layers.dense({ units: 3, activation: 'softmax' }),
      ],
      samples: 16 * 32 + 13,
    },
  ],
  95,
);
